import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PROMISED = new Set([
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "README.md",
  "LICENSE",
  "src",
  "scenarios",
  "results",
  "test",
]);

// A source tree without its history (an archive) has nothing that says what belongs to it.
test.runIf(existsSync(`${ROOT}.git`))("the top level holds the promised names and dotfiles, nothing else", () => {
  // Whoever runs the tests need not own the checkout.
  const args = ["-c", "safe.directory=*", "ls-files"];
  const files = execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
  const names = new Set(files.map((path) => path.split("/")[0] ?? ""));
  expect(names).toContain("package.json");
  const others = [...names].filter((name) => !PROMISED.has(name) && !name.startsWith("."));
  expect(others, "Move it into a room, or hide it behind a dot if only a tool reads it").toEqual([]);
});
