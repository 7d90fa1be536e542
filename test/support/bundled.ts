import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { rolldown } from "rolldown";
import { ownFile } from "../../src/places.js";

/** Builds one file by itself, with what it needs of `src/`, for a process or a thread of a test. @returns its URL */
export async function bundled(source: string): Promise<string> {
  // Where its libraries are found.
  const folder = join(ownFile("node_modules/.cache/time-wait-bench-tests"), String(process.pid));
  mkdirSync(folder, { recursive: true });
  const bundle = await rolldown({
    input: ownFile(source),
    platform: "node",
    external: ["koffi"],
    resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
  });
  const file = join(folder, basename(source).replace(/\.ts$/u, ".mjs"));
  await bundle.write({ file, format: "esm", codeSplitting: false });
  await bundle.close();
  return new URL(`file://${file}`).href;
}
