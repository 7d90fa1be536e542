import { describe, expect, test } from "vitest";
import { ResponseParser } from "../../../src/client/http/response-parser.js";
import { read, type ReadOptions } from "./read.js";

const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/** A response with these fields and this body. */
function ok(fields: string, body = ""): string {
  return `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`;
}

describe("the end of a response", () => {
  const ends: [string, string, ReadOptions, number][] = [
    ["by its Content-Length", HELLO, {}, 5],
    ["by a Content-Length of 0", ok("Content-Length: 0\r\n"), {}, 0],
    ["by a Content-Length in odd letters", ok("cOnTeNt-LeNgTh:5\r\n", "hello"), {}, 5],
    ["by a Content-Length with space around it", ok("Content-Length: \t 5 \t\r\n", "hello"), {}, 5],
    ["by a Content-Length with zeros before it", ok("Content-Length: 0000000000000000000000005\r\n", "hello"), {}, 5],
    ["by two equal Content-Lengths", ok("Content-Length: 5\r\nX: y\r\ncontent-length: 05\r\n", "hello"), {}, 5],
    ["by a list of equal Content-Lengths", ok("Content-Length: 5, 5\r\n", "hello"), {}, 5],
    ["by its last chunk", ok("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), {}, 5],
    ["by a last chunk of many zeros", ok("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0000\r\n\r\n"), {}, 5],
    [
      "by its last chunk, with sizes in both cases and padded",
      ok("transfer-encoding: CHUNKED\r\n", `0A \r\n0123456789\r\n00b\r\n0123456789a\r\n0\t \r\n\r\n`),
      {},
      21,
    ],
    [
      "by its last chunk, with extensions",
      ok("Transfer-Encoding: chunked\r\n", '5;a;b=c; d = "e;\\"\t"\r\nhello\r\n0;last\r\n\r\n'),
      {},
      5,
    ],
    [
      "by the end of its trailers, whatever they say",
      ok(
        "Transfer-Encoding: chunked\r\n",
        "5\r\nhello\r\n0\r\nContent-Length: 9\r\nConnection: close\r\nTransfer-Encoding: x\r\n\r\n",
      ),
      {},
      5,
    ],
    [
      "by its last chunk under another coding",
      ok("Transfer-Encoding: gzip, chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"),
      {},
      5,
    ],
    [
      "by its last chunk under another coding in a field of its own",
      ok("Transfer-Encoding: gzip\r\nTransfer-Encoding:,chunked ,\r\n", "5\r\nhello\r\n0\r\n\r\n"),
      {},
      5,
    ],
    ["with the head of a 204", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", {}, 0],
    ["with the head of a 304", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", {}, 0],
    ["with the head of an answer to HEAD", ok("Content-Length: 5\r\n"), { toHead: true }, 0],
    ["without a reason", "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello", {}, 5],
    ["without a reason and the space before it", "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", {}, 5],
    ["with octets above ASCII in head and body", ok("X: \xe4\xff\r\nContent-Length: 5\r\n", "\0\xff\r\n\0"), {}, 5],
  ];
  test.each(ends)("is found %s", (_, text, options, bodyBytes) => {
    expect(read(text, options)).toMatchObject({ state: "complete", keepAlive: true, bodyBytes, taken: text.length });
  });

  const untilClose: [string, string][] = [
    ["has no length", ok("X: y\r\n", "hello")],
    ["has no fields", ok("", "hello")],
    ["is coded, but not in chunks", ok("Transfer-Encoding: gzip\r\n", "hello")],
    ["is coded in chunks, but not last", ok("Transfer-Encoding: chunked, gzip\r\n", "hello")],
  ];
  test.each(untilClose)("is the end of the stream when it %s", (_, text) => {
    expect(read(text)).toMatchObject({ state: "body", keepAlive: false, bodyBytes: 5 });
    expect(read(text, { fin: true })).toMatchObject({ state: "complete", keepAlive: false, bodyBytes: 5 });
  });

  test("is the end of the stream even before the first byte of its body", () => {
    expect(read(ok(""), { fin: true })).toMatchObject({ state: "complete", bodyBytes: 0 });
  });

  test("leaves a whole response as it is", () => {
    expect(read(HELLO, { fin: true })).toMatchObject({ state: "complete", keepAlive: true, error: null });
  });
});

describe("interim responses", () => {
  test("are passed over", () => {
    const text = `HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\nHTTP/1.1 103 Hints\r\nContent-Length: 7\r\n\r\n${HELLO}`;
    expect(read(text)).toMatchObject({ state: "complete", status: 200, keepAlive: true, bodyBytes: 5 });
  });

  test("leave a HEAD what it is", () => {
    const text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    expect(read(text, { toHead: true })).toMatchObject({ state: "complete", status: 200 });
  });

  test("without end are too long a head", () => {
    const text = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100_000);
    expect(read(text)).toMatchObject({ state: "failed", fault: "head-too-long" });
  });
});

describe("the connection", () => {
  const lasts: [string, boolean][] = [
    ["HTTP/1.1 200 OK\r\n", true],
    ["HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n", true],
    ["HTTP/1.1 200 OK\r\nConnection: close\r\n", false],
    ["HTTP/1.1 200 OK\r\nCONNECTION:\tCLOSE \r\n", false],
    ["HTTP/1.1 200 OK\r\nConnection: x, keep-alive ,close\r\n", false],
    ["HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: keep-alive\r\n", false],
    ["HTTP/1.1 200 OK\r\nConnection: closed\r\n", true],
    ["HTTP/1.1 200 OK\r\nConnection: clos e\r\n", true],
    ["HTTP/1.1 200 OK\r\nConnection: x close\r\n", true],
    ["HTTP/1.1 200 OK\r\nConnection:\r\n", true],
    ["HTTP/1.1 200 OK\r\nProxy-Connection: close\r\n", true],
    ["HTTP/1.1 200 OK\r\nConnections: close\r\n", true],
    ["HTTP/1.1 200 OK\r\nConnectio: close\r\n", true],
    ["HTTP/1.7 200 OK\r\n", true],
    ["HTTP/1.0 200 OK\r\n", false],
    ["HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n", true],
    ["HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\n", false],
  ];
  test.each(lasts)("after %j: lasts is %j", (head, keepAlive) => {
    expect(read(`${head}Content-Length: 0\r\n\r\n`)).toMatchObject({ state: "complete", keepAlive });
    expect(read(`${head}\r\n`, { toHead: true })).toMatchObject({ state: "complete", keepAlive });
  });

  test("does not last after chunks in HTTP/1.0, which does not know them", () => {
    const text = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    expect(read(text)).toMatchObject({ state: "complete", keepAlive: false });
  });

  test("is not said to last before the response is whole", () => {
    expect(read(HELLO.slice(0, -1))).toMatchObject({ state: "body", keepAlive: false });
  });

  test("carries the next response after a reset, whatever came before", () => {
    const parser = new ResponseParser();
    for (const text of [
      ok("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"),
      "HTTP/9",
      HELLO.slice(0, 30),
      HELLO,
    ]) {
      read(text, { parser });
      expect(read(HELLO, { parser })).toEqual(read(HELLO));
    }
  });
});

describe("bytes after a response", () => {
  test("are a fault, in the same push and in a later one", () => {
    const expected = { state: "failed", error: "malformed-response", fault: "surplus-bytes", taken: HELLO.length };
    expect(read(`${HELLO}!`)).toMatchObject(expected);
    expect(read(`${HELLO}!`, { cuts: [HELLO.length] })).toMatchObject(expected);
    expect(read(`${ok("Content-Length: 5\r\n")}hello`, { toHead: true })).toMatchObject({ fault: "surplus-bytes" });
  });

  test("are the next response with pipelining", () => {
    const parser = new ResponseParser({ pipelining: true });
    const both = Buffer.from(`${HELLO}HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n`, "latin1");
    const first = parser.push(both, 0, both.length);
    expect([first, parser.state, parser.status]).toEqual([HELLO.length, "complete", 200]);
    parser.reset();
    expect(parser.push(both, first, both.length)).toBe(both.length);
    expect([parser.state, parser.status]).toEqual(["complete", 404]);
  });
});

describe("the end of the stream", () => {
  test("before a response is the server's to choose", () => {
    expect(read("", { fin: true })).toMatchObject({ state: "failed", error: "server-closed", fault: null });
  });

  test.each([
    "H",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    HELLO.slice(0, -1),
    ok("Transfer-Encoding: chunked\r\n"),
    ok("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n"),
    ok("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r"),
  ])("after %j cuts the response short", (text) => {
    expect(read(text)).toMatchObject({ error: null });
    expect(read(text, { fin: true })).toMatchObject({ state: "failed", error: "truncated-response", fault: null });
  });

  test("changes nothing about a malformed response", () => {
    expect(read("HTTQ", { fin: true })).toMatchObject({ error: "malformed-response", fault: "status-line", taken: 3 });
  });
});

describe("a malformed response", () => {
  const chunked = (body: string): string => ok("Transfer-Encoding: chunked\r\n", body);
  const faults: [string, string][] = [
    ["status-line", "220 mail.example ready\r\n\r\n"],
    ["status-line", "\r\nHTTP/1.1 200 OK\r\n\r\n"],
    ["status-line", "http/1.1 200 OK\r\n\r\n"],
    ["status-line", "HTTP/1.x 200 OK\r\n\r\n"],
    ["status-line", "HTTP/1.1  200 OK\r\n\r\n"],
    ["status-line", "HTTP/1.1 2000 OK\r\n\r\n"],
    ["status-line", "HTTP/1.1 20 OK\r\n\r\n"],
    ["status-line", "HTTP/1.1 2x0 OK\r\n\r\n"],
    ["status-line", "HTTP/1.1 099 OK\r\n\r\n"],
    ["status-line", "HTTP/1.10 200 OK\r\n\r\n"],
    ["status-line", "HTTP/x.1 200 OK\r\n\r\n"],
    ["version", "HTTP/2.0 200 OK\r\n\r\n"],
    ["upgrade", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"],
    ["field-value", "HTTP/1.1 200 O\0K\r\n\r\n"],
    ["field-value", ok("X: a\0b\r\n")],
    ["field-value", ok("X: a\x7fb\r\n")],
    ["field-value", ok("Content-Length: 5\x01\r\n", "hello")],
    ["line-end", "HTTP/1.1 200 OK\nContent-Length: 0\n\n"],
    ["line-end", "HTTP/1.1 200\nContent-Length: 0\n\n"],
    ["line-end", "HTTP/1.1 200 OK\rContent-Length: 0\r\n\r\n"],
    ["line-end", ok("X: y\n")],
    ["line-end", ok("X: y\rZ: a\r\n")],
    ["line-end", ok("Content-Length: 0\n")],
    ["line-end", "HTTP/1.1 200 OK\r\n\n"],
    ["line-end", "HTTP/1.1 200 OK\r\n\rX"],
    ["field-name", ok("no colon\r\n")],
    ["field-name", ok(": no name\r\n")],
    ["field-name", ok("Space-Before : colon\r\n")],
    ["field-name", ok("Content-Length : 5\r\n", "hello")],
    ["field-name", ok("N\xe4me: x\r\n")],
    ["line-end", ok("Cut\n")],
    ["obs-fold", ok("X: y\r\n  z\r\n")],
    ["obs-fold", ok("Content-Length: 5\r\n\t\r\n", "hello")],
    ["obs-fold", ok(" X: y\r\n")],
    ["content-length", ok("Content-Length: x\r\n")],
    ["content-length", ok("Content-Length:\r\n")],
    ["content-length", ok("Content-Length: -1\r\n")],
    ["content-length", ok("Content-Length: +1\r\n")],
    ["content-length", ok("Content-Length: 0x5\r\n")],
    ["content-length", ok("Content-Length: 1 2\r\n")],
    ["content-length", ok("Content-Length: 5.0\r\n")],
    ["content-length", ok("Content-Length: 5,\r\n")],
    ["content-length", ok("Content-Length: 5, 6\r\n")],
    ["content-length", ok("Content-Length: 5\r\nContent-Length: 6\r\n")],
    ["content-length", ok("Content-Length: 9007199254740992\r\n")],
    ["content-length", ok("Content-Length: 99999999999999999999999999\r\n")],
    ["content-length", "HTTP/1.1 204 No Content\r\nContent-Length: x\r\n\r\n"],
    ["transfer-encoding", ok("Transfer-Encoding: chunked, chunked\r\n")],
    ["transfer-encoding", ok("Transfer-Encoding: chunked\r\nTransfer-Encoding: Chunked\r\n")],
    ["transfer-encoding", ok("Transfer-Encoding: chunked;q=1\r\n")],
    ["transfer-encoding", ok("Transfer-Encoding: chunked ; q=1\r\n")],
    ["two-lengths", ok("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")],
    ["two-lengths", ok("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n")],
    ["chunk-size", chunked("x\r\n")],
    ["chunk-size", chunked("\r\n")],
    ["chunk-size", chunked(";a=b\r\n")],
    ["chunk-size", chunked("-1\r\n")],
    ["chunk-size", chunked("0x5\r\nhello\r\n")],
    ["chunk-size", chunked("5 5\r\nhello\r\n")],
    ["chunk-size", chunked("20000000000000\r\n")],
    ["chunk-size", chunked("ffffffffffffffffff\r\n")],
    ["line-end", chunked("5\nhello\r\n")],
    ["line-end", chunked("5\rhello\r\n")],
    ["chunk-extension", chunked("5;a\nhello\r\n")],
    ["chunk-extension", chunked("5;a\0b\r\nhello\r\n")],
    ["chunk-end", chunked("5\r\nhello!\r\n")],
    ["chunk-end", chunked("5\r\nhello\n")],
    ["chunk-end", chunked("5\r\nhello\r\r\n")],
    ["field-name", chunked("0\r\nno colon\r\n\r\n")],
    ["obs-fold", chunked("0\r\n x\r\n\r\n")],
  ];
  test.each(faults)("is told by the word %s: %j", (fault, text) => {
    expect(read(text)).toMatchObject({ state: "failed", error: "malformed-response", fault, keepAlive: false });
  });

  test("is not read any further", () => {
    const parser = new ResponseParser();
    const bytes = Buffer.from("HTTQ/1.1");
    expect(parser.push(bytes, 0, bytes.length)).toBe(3);
    expect(parser.push(bytes, 4, bytes.length)).toBe(4);
  });
});

describe("limits", () => {
  const limits = { lineBytes: 40, headBytes: 100 };
  const field = (bytes: number): string => `X: ${"y".repeat(bytes - 5)}\r\n`;

  test("allow a line of just so many bytes, its end included", () => {
    expect(read(ok(`${field(40)}Content-Length: 0\r\n`), { limits })).toMatchObject({ state: "complete" });
    expect(read(ok(field(41)), { limits })).toMatchObject({ state: "failed", fault: "line-too-long" });
  });

  test("allow a head of just so many bytes, its end included", () => {
    const rest = 100 - ok(`${field(40)}Content-Length: 0\r\n`).length;
    const fits = ok(`${field(40)}Content-Length: 0\r\n${field(rest)}`);
    expect(fits).toHaveLength(100);
    expect(read(fits, { limits })).toMatchObject({ state: "complete" });
    const long = ok(`${field(40)}Content-Length: 0\r\n${field(rest + 1)}`);
    expect(read(long, { limits })).toMatchObject({ state: "failed", fault: "head-too-long" });
    expect(read(ok(`${field(40)}${field(40)}${field(5)}`), { limits })).toMatchObject({ fault: "head-too-long" });
  });

  test.each([
    ["a status line", `HTTP/1.1 200 ${"y".repeat(100)}`, "line-too-long"],
    ["a field name", ok("y".repeat(100)), "line-too-long"],
    ["the space before a value", ok(`X:${" ".repeat(100)}`), "line-too-long"],
    ["a Content-Length", ok(`Content-Length: ${"0".repeat(100)}`), "line-too-long"],
    ["a Connection", ok(`Connection: ${"y".repeat(100)}`), "line-too-long"],
  ])("hold for %s", (_, text, fault) => {
    expect(read(text, { limits })).toMatchObject({ state: "failed", fault });
  });

  test.each([
    ["a chunk size", "0".repeat(100), "line-too-long"],
    ["a chunk extension", `5;${"y".repeat(100)}`, "line-too-long"],
    ["a trailer", `0\r\nX: ${"y".repeat(100)}`, "line-too-long"],
    ["all trailers", `0\r\n${field(30).repeat(4)}\r\n`, "head-too-long"],
  ])("hold for %s", (_, body, fault) => {
    expect(read(ok("Transfer-Encoding: chunked\r\n", body), { limits })).toMatchObject({ state: "failed", fault });
  });

  test("do not hold for bodies", () => {
    const body = "x".repeat(1000);
    expect(read(ok("Content-Length: 1000\r\n", body), { limits })).toMatchObject({
      state: "complete",
      bodyBytes: 1000,
    });
    const chunks = `${"a;bcd\r\n0123456789\r\n".repeat(100)}0\r\n${field(40)}\r\n`;
    expect(read(ok("Transfer-Encoding: chunked\r\n", chunks), { limits })).toMatchObject({
      state: "complete",
      bodyBytes: 1000,
    });
  });

  test("are 16 KiB for a line and 64 KiB for a head where nothing else is said", () => {
    const line = (bytes: number): string => `X: ${"y".repeat(bytes - 5)}\r\n`;
    expect(read(ok(`${line(16_384)}Content-Length: 0\r\n`))).toMatchObject({ state: "complete" });
    expect(read(ok(line(16_385)))).toMatchObject({ fault: "line-too-long" });
    expect(read(ok(line(16_384).repeat(4)))).toMatchObject({ fault: "head-too-long" });
  });
});
