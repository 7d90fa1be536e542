import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { buildGo, type GoSource } from "../src/go-toolchain.js";
import { temporaryFolder } from "./support/temporary.js";

/** A `go` that writes what it was built from into the binary, and notes each build. */
const GO = `#!/bin/sh
if [ "$1" = version ]; then echo "go version go1.26.1 linux/amd64"; exit; fi
echo built >>"$BUILDS"
cat main.go >"$4"
`;

function toolchain(): { source: GoSource; cache: string; builds: () => number } {
  const root = temporaryFolder();
  chmodSync(root, 0o700);
  for (const folder of ["bin", "source"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "bin", "go"), GO, { mode: 0o755 });
  writeFileSync(join(root, "source", "main.go"), "ours");
  vi.stubEnv("PATH", `${join(root, "bin")}:${process.env["PATH"]}`);
  vi.stubEnv("BUILDS", join(root, "builds"));
  return {
    source: { folder: join(root, "source"), name: "server", title: "the Go server", instead: "use --server node" },
    cache: join(root, "cache"),
    builds: () =>
      existsSync(join(root, "builds")) ? readFileSync(join(root, "builds"), "utf8").split("\n").length - 1 : 0,
  };
}

test("a program is built once, and found again", async () => {
  const { source, cache, builds } = toolchain();
  const first = await buildGo(source, cache);
  expect(readFileSync(first.binary, "utf8")).toBe("ours");
  expect(await buildGo(source, cache)).toEqual(first);
  expect(builds()).toBe(1);
});

test("a cache that another user may write to is refused, whatever lies in it", async () => {
  const { source, cache, builds } = toolchain();
  await buildGo(source, cache);
  chmodSync(cache, 0o777);
  await expect(buildGo(source, cache)).rejects.toMatchObject({ code: "unsafe-place", exitCode: 3 });
  expect(builds()).toBe(1);
});

test("a binary that is a link, or that others may write to, is built anew in its place", async () => {
  const { source, cache, builds } = toolchain();
  const { binary } = await buildGo(source, cache);
  chmodSync(binary, 0o777);
  await buildGo(source, cache);
  expect(builds()).toBe(2);
  const planted = join(cache, "planted");
  writeFileSync(planted, "theirs", { mode: 0o755 });
  rmSync(binary);
  symlinkSync(planted, binary);
  await buildGo(source, cache);
  expect(builds()).toBe(3);
  expect([binary, planted].map((file) => readFileSync(file, "utf8"))).toEqual(["ours", "theirs"]);
});
