import { errors } from "undici";
import { expect, test } from "vitest";
import { failureKind, isReset } from "../../../src/client/http/failure-kind.js";

const withCode = (code: string): Error => Object.assign(new Error("x"), { code });

test.each([
  [withCode("EADDRNOTAVAIL"), "EADDRNOTAVAIL"],
  [withCode("ECONNRESET"), "ECONNRESET"],
  [new errors.SocketError("other side closed"), "server-closed"],
  [new errors.SocketError("bad response"), "malformed-response"],
  [new errors.ResponseContentLengthMismatchError(), "server-closed"],
  [new errors.HTTPParserError("Response does not match the HTTP/1.1 protocol (Expected HTTP/)"), "malformed-response"],
  [new errors.HTTPParserError("Response does not match the HTTP/1.1 protocol (Invalid EOF state)"), "server-closed"],
  [new errors.HeadersOverflowError(), "malformed-response"],
  [new TypeError("x"), "TypeError"],
])("names %s by errno or kind", (error, kind) => {
  expect(failureKind(error)).toBe(kind);
});

test("knows a reset", () => {
  expect(["ECONNRESET", "EPIPE", "ETIMEDOUT"].map((code) => isReset(withCode(code)))).toEqual([true, true, false]);
  expect(isReset(new Error("x"))).toBe(false);
});
