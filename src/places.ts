import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this package. Code stands in `src/` in a test, and in a chunk at any depth of `dist/` otherwise. */
const ROOT = rootAbove(new URL(".", import.meta.url));

/** @returns the absolute path of a file of this package, such as `dist/agent.js` */
export function ownFile(path: string): string {
  return join(ROOT, path);
}

function rootAbove(folder: URL): string {
  return existsSync(new URL("package.json", folder)) ? fileURLToPath(folder) : rootAbove(new URL("..", folder));
}
