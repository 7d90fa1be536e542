import fc from "fast-check";
import { expect, test } from "vitest";
import { addressKey, addressText } from "../../src/kernel/address-key.js";

const textOf = (bytes: readonly number[], family: "ipv4" | "ipv6"): string =>
  addressText(addressKey(Uint8Array.from(bytes), 0, family));

test("IPv4 is told as people write it, also where IPv6 carries it", () => {
  expect(textOf([198, 18, 0, 255], "ipv4")).toBe("198.18.0.255");
  expect(textOf([255, 255, 255, 255], "ipv4")).toBe("255.255.255.255");
  expect(textOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1], "ipv6")).toBe("127.0.0.1");
});

test.each([
  ["::", "00000000000000000000000000000000"],
  ["::1", "00000000000000000000000000000001"],
  ["2001:db8::1", "20010db8000000000000000000000001"],
  ["2001:0:0:1::1", "20010000000000010000000000000001"],
  ["fe80::ab:0:0:1", "fe800000000000000000ab0000000001".replace("0000ab0000000001", "00ab000000000001")],
  ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
])("IPv6 has its longest run of zeros left out (RFC 5952): %s", (text, hex) => {
  expect(textOf([...Buffer.from(hex, "hex")], "ipv6")).toBe(text);
});

test("the same address has the same key, others have others", () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(bytes, bytes, (one, other) => {
      const same = Buffer.compare(one, other) === 0;
      expect(addressKey(one, 0, "ipv6") === addressKey(other, 0, "ipv6")).toBe(same);
      expect(addressKey(one, 0, "ipv6")).toBe(addressKey(Uint8Array.from(one), 0, "ipv6"));
    }),
  );
});
