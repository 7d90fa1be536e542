import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { staleFile } from "./built.js";
import { temporaryFolder } from "./temporary.js";

/** A source of two files, built a minute after they were written, and what `staleFile` says once it was changed. */
function afterwards(change: (source: string, built: string) => void): string | null {
  const folder = temporaryFolder();
  const [source, built] = [join(folder, "src"), join(folder, "dist")] as const;
  for (const path of [source, built]) mkdirSync(join(path, "room"), { recursive: true });
  for (const name of ["cli", "room/agent"]) write(join(source, `${name}.ts`), 1_000);
  write(join(built, "titles.json"), 1_060);
  change(source, built);
  return staleFile(source, built);
}

function write(file: string, writtenAt: number): void {
  writeFileSync(file, "");
  utimesSync(file, writtenAt, writtenAt);
}

describe("the built program", () => {
  test("is fresh when it was built after the source was written", () => {
    expect(afterwards(() => {})).toBeNull();
  });

  test("is stale when a source file was written later", () => {
    expect(afterwards((source) => write(join(source, "room/agent.ts"), 1_061))).toBe("room/agent.ts");
  });

  test("is stale when a source file was never built", () => {
    expect(afterwards((_source, built) => rmSync(join(built, "titles.json")))).toBe("cli.ts");
  });

  test("is fresh with files that are not compiled", () => {
    expect(afterwards((source) => write(join(source, "room/main.go"), 2_000))).toBeNull();
  });
});
