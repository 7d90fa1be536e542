import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bench.js";

/** For vitest, before all tests: they start the built program, and one that is older than its source says nothing. */
export function setup(): void {
  const file = staleFile(join(ROOT, "src"), join(ROOT, "dist"));
  if (file === null) return;
  console.error(`dist/ is older than src/${file}, and the tests start what lies there. Run: npm run build`);
  // Thrown, it would be told with a stack, once for each project.
  process.exit(1);
}

/** A file that was written after the last build; null where there is none. */
export function staleFile(source: string, built: string): string | null {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.(?:tsx?|css)$/u.test(file),
  );
  // The last file that a build writes.
  const builtAt = statSync(join(built, "titles.json"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return files.find((file) => statSync(join(source, file)).mtimeMs > builtAt) ?? null;
}
