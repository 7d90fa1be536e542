import { expect, test } from "vitest";
import { namedIn } from "../../src/lab/inside/own-folders.js";

test.each([
  ["node server.js --data /tmp/data/x.json", ["/tmp/data/x.json"]],
  ["PATH=/tmp/bin:/var/tmp/more/bin exec 'serve'", ["/tmp/bin", "/var/tmp/more/bin"]],
  ["serve --unix=/dev/shm/a.sock >/tmp/log", ["/dev/shm/a.sock", "/tmp/log"]],
  ["node ../other/server.js --config=../../conf", ["/tmp/other/server.js", "/conf"]],
  ["psql -h /tmp; cat /etc/tmp2/x ./a/../b", []],
])("the files that `%s` names are shown in a host's own folders", (command, named) =>
  expect(namedIn([command], "/tmp/project")).toEqual(named),
);
