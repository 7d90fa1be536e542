import { expect, test } from "vitest";
import { asThemselves, subordinateIds } from "../../src/lab/ids.js";

test.each([
  ["all of the machine's", "         0          0 4294967295\n", "0 0 4294967295\n"],
  [
    "those of a container without root",
    "         0       1000          1\n         1     100000      65536\n",
    "0 0 1\n1 1 65536\n",
  ],
  ["none", "", ""],
])("ids that are mapped here keep their numbers in a lab: %s", (_which, map, own) =>
  expect(asThemselves(map)).toBe(own),
);

test.each([
  ["by name", "other:1000:1\nme:100000:65536\n", ["1", "100000", "65536"]],
  ["by number", "1001:5000:10\n", ["1", "5000", "10"]],
  ["of somebody else", "other:1000:1\n", null],
  ["that make no sense", "me:many\n", null],
  ["of an empty file", "", null],
])("subordinate ids %s", (_which, text, ids) => expect(subordinateIds(text, ["me", "1001"])).toEqual(ids));
