import fc from "fast-check";
import { expect, test } from "vitest";
import { addressBytes, addressFrom } from "../../src/kernel/ip-address.js";

test.each([
  ["198.18.0.255", "c61200ff"],
  ["::", "00000000000000000000000000000000"],
  ["::1", "00000000000000000000000000000001"],
  ["1::", "00010000000000000000000000000000"],
  ["2001:2:0:f0::1", "200100020000 00f0 0000000000000001".replaceAll(" ", "")],
  ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
])("%s is %s", (text, hex) => {
  expect(addressBytes(text).toString("hex")).toBe(hex);
  expect(addressFrom(Buffer.from(hex, "hex"))).toBe(text);
});

test("bytes become a text that is the same bytes", () => {
  fc.assert(
    fc.property(fc.constantFrom(4, 16), fc.infiniteStream(fc.nat(255)), (length, stream) => {
      const bytes = Buffer.from([...stream.take(length)]);
      expect(addressBytes(addressFrom(bytes))).toEqual(bytes);
    }),
  );
});
