import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkedFolder, followOwnLinks, isOwnFile, makeOwnFolder } from "../src/folder.js";
import { prepareOutput, readResult, writeResult } from "../src/result/file.js";
import { result } from "./report/fixture.js";
import { temporaryFolder as anyonesFolder } from "./support/temporary.js";

const HINT = "Take another.";
const UNSAFE = { code: "unsafe-place", exitCode: 3, hint: HINT };
/** Files of another user can be made by root only. */
const asRoot = process.getuid?.() === 0;
const STRANGER = 54_321;

function temporaryFolder(): string {
  const folder = anyonesFolder();
  chmodSync(folder, 0o700);
  return folder;
}

describe("a folder of our own", () => {
  test("is made for us alone, wherever we may", async () => {
    const folder = join(temporaryFolder(), "a", "b");
    expect(await makeOwnFolder(folder, HINT)).toBe(folder);
    expect(lstatSync(folder).mode & 0o777).toBe(0o700);
    expect(await makeOwnFolder(folder, HINT)).toBe(folder);
  });

  test("is refused where others may write to it, sticky or not", async () => {
    for (const mode of [0o777, 0o1777, 0o702]) {
      const folder = join(temporaryFolder(), "open");
      mkdirSync(folder);
      chmodSync(folder, mode);
      await expect(makeOwnFolder(folder, HINT)).rejects.toMatchObject(UNSAFE);
    }
  });

  test("is refused where others may rename a folder on the way to it; a sticky one they cannot", async () => {
    const open = join(temporaryFolder(), "open");
    mkdirSync(join(open, "cache"), { recursive: true });
    chmodSync(open, 0o777);
    await expect(makeOwnFolder(join(open, "cache"), HINT)).rejects.toMatchObject(UNSAFE);
    await expect(checkedFolder(join(open, "not-there-yet"), HINT)).rejects.toMatchObject(UNSAFE);
    chmodSync(open, 0o1777);
    expect(await makeOwnFolder(join(open, "cache"), HINT)).toBe(join(open, "cache"));
  });

  test("is looked at where a link of ours leads", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "open"));
    chmodSync(join(folder, "open"), 0o777);
    symlinkSync("open", join(folder, "link"));
    await expect(makeOwnFolder(join(folder, "link"), HINT)).rejects.toMatchObject(UNSAFE);
    chmodSync(join(folder, "open"), 0o755);
    expect(await makeOwnFolder(join(folder, "link"), HINT)).toBe(join(folder, "open"));
  });

  test.runIf(asRoot)("is refused where it, or a link to it, belongs to somebody else", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "theirs"), 0o700);
    chownSync(join(folder, "theirs"), STRANGER, STRANGER);
    await expect(makeOwnFolder(join(folder, "theirs"), HINT)).rejects.toMatchObject(UNSAFE);
    await expect(makeOwnFolder(join(folder, "theirs", "below"), HINT)).rejects.toMatchObject(UNSAFE);
    mkdirSync(join(folder, "ours"));
    symlinkSync("ours", join(folder, "link"));
    lchownSync(join(folder, "link"), STRANGER, STRANGER);
    await expect(makeOwnFolder(join(folder, "link"), HINT)).rejects.toMatchObject(UNSAFE);
  });

  test("links in a circle are an error and no hang", async () => {
    const folder = temporaryFolder();
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    await expect(followOwnLinks(join(folder, "a", "x"), HINT)).rejects.toThrow("too many links");
  });
});

test("only a file of ours that nobody else can write is one to be run", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "program");
  expect(await isOwnFile(file)).toBe(false);
  writeFileSync(file, "", { mode: 0o755 });
  expect(await isOwnFile(file)).toBe(true);
  symlinkSync(file, join(folder, "link"));
  expect(await isOwnFile(join(folder, "link"))).toBe(false);
  chmodSync(file, 0o757);
  expect(await isOwnFile(file)).toBe(false);
  if (!asRoot) return;
  chmodSync(file, 0o755);
  chownSync(file, STRANGER, STRANGER);
  expect(await isOwnFile(file)).toBe(false);
});

describe("a result at a link", () => {
  test("of ours is written where it points to, and the link stays", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "real"));
    symlinkSync("real/result.json", join(folder, "latest.json"));
    for (let round = 0; round < 2; round++) {
      await prepareOutput(join(folder, "latest.json"));
      await writeResult(join(folder, "latest.json"), result());
      expect(lstatSync(join(folder, "latest.json")).isSymbolicLink()).toBe(true);
      expect(await readResult(join(folder, "real", "result.json"))).toEqual(result());
    }
  });

  test.runIf(asRoot)("of somebody else is refused, before and after the run", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "of-root"), "precious");
    symlinkSync("of-root", join(folder, "result.json"));
    lchownSync(join(folder, "result.json"), STRANGER, STRANGER);
    const refused = { code: "output-not-writable", exitCode: 2 };
    await expect(prepareOutput(join(folder, "result.json"))).rejects.toMatchObject(refused);
    await expect(writeResult(join(folder, "result.json"), result())).rejects.toMatchObject(refused);
    expect(readFileSync(join(folder, "of-root"), "utf8")).toBe("precious");
  });
});
