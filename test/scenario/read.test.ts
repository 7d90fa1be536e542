import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readScenarioText } from "../../src/scenario/read.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-read-"));
  const put = (name: string, bytes: string | Uint8Array) => writeFile(join(folder, name), bytes);
  await put("good", "title: é\n");
  await put("bom", "\u{feff}title: t\n");
  await put("full", "#".repeat(1024 * 1024));
  await put("large", "#".repeat(1024 * 1024 + 1));
  await put("huge", "");
  await truncate(join(folder, "huge"), 50_000_000_000);
  await put("binary", Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0));
  await put("latin1", Uint8Array.of(0x74, 0xe9, 0x0a));
  await put("secret", "title: t\n");
  await chmod(join(folder, "secret"), 0);
  await mkdir(join(folder, "folder"));
  execFileSync("sh", ["-c", 'mkfifo "$0"', join(folder, "pipe")]);
});

afterAll(async () => rm(folder, { recursive: true }));

const read = (name: string) => readScenarioText(join(folder, name), name);

test("text is read as UTF-8, a byte order mark is not part of it", async () => {
  expect(await read("good")).toBe("title: é\n");
  expect(await read("bom")).toBe("title: t\n");
});

test("a mebibyte is still read", async () => {
  expect(await read("full")).toHaveLength(1024 * 1024);
});

test.each([
  ["large", "bad-scenario", /larger than 1 MiB/],
  ["huge", "bad-scenario", /larger than 1 MiB/],
  ["binary", "bad-scenario", /binary/],
  ["latin1", "bad-scenario", /UTF-8/],
  ["folder", "bad-scenario", /no regular file/],
  ["pipe", "bad-scenario", /no regular file/],
  ["missing", "scenario-not-found", /no file missing/],
  ["good/x", "scenario-not-found", /no file good\/x/],
])("%s is refused with one sentence", async (name, code, sentence) => {
  await expect(read(name)).rejects.toMatchObject({
    code,
    exitCode: 2,
    message: expect.stringMatching(sentence) as string,
    hint: expect.stringMatching(/./) as string,
  });
});

test("a device without end is not read", async () => {
  await expect(readScenarioText("/dev/zero", "/dev/zero")).rejects.toMatchObject({ code: "bad-scenario" });
});

test("a file that may not be read is refused with one sentence; root may read it", async () => {
  const text = read("secret");
  if (process.getuid?.() === 0) await expect(text).resolves.toBe("title: t\n");
  else
    await expect(text).rejects.toMatchObject({
      code: "bad-scenario",
      message: expect.stringContaining("may not be read") as string,
    });
});

test("links that lead in a circle are refused with one sentence", async () => {
  await symlink("circle", join(folder, "circle"));
  await expect(read("circle")).rejects.toMatchObject({ code: "bad-scenario" });
});
