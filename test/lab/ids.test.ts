import { expect, test } from "vitest";
import { asThemselves } from "../../src/lab/ids.js";

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
