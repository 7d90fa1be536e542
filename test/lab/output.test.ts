import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { Output } from "../../src/lab/inside/output.js";

async function linesOf(...pieces: (string | Buffer)[]): Promise<{ lines: string[]; last: readonly string[] }> {
  const lines: string[] = [];
  const output = new Output((line) => lines.push(line));
  const stream = new PassThrough();
  const ended = output.follow(stream);
  for (const piece of pieces) {
    stream.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stream.end();
  await ended;
  return { lines, last: output.lastLines };
}

test("lines come whole, however they were written, the last without a line end too", async () => {
  const { lines } = await linesOf("on", "e\ntwo\r\nth", "ree");
  expect(lines).toEqual(["one", "two", "three"]);
});

test("a letter that is split between two writes comes whole", async () => {
  const bytes = Buffer.from("grün\n");
  expect((await linesOf(bytes.subarray(0, 3), bytes.subarray(3))).lines).toEqual(["grün"]);
});

test("only the last lines are kept", async () => {
  const { last } = await linesOf(Array.from({ length: 50 }, (_, at) => `${at}\n`).join(""));
  expect(last).toEqual(Array.from({ length: 20 }, (_, at) => String(at + 30)));
});

test("a flood is read to its end, but neither kept nor passed on beyond its first megabytes", async () => {
  const piece = `${"x".repeat(1_023)}\n`.repeat(64);
  const { lines, last } = await linesOf(...Array.from({ length: 256 }, () => piece));
  expect(lines.length).toBeGreaterThan(1_000);
  expect(lines.length).toBeLessThan(256 * 64 * 0.9);
  expect(last).toHaveLength(20);
});

test("a line without end is cut", async () => {
  const { lines } = await linesOf(...Array.from({ length: 100 }, () => Buffer.alloc(16_384, "x")));
  expect(lines).toHaveLength(1);
  expect(lines[0]!.length).toBeLessThanOrEqual(2_000);
});
