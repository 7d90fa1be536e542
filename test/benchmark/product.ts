import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as conduct from "../../src/client/conduct.js";
import type * as names from "../../src/client/library-name.js";
import type * as labs from "../../src/lab/open.js";
import type * as environment from "../../src/result/environment.js";
import type * as servers from "../../src/server/start.js";

/** The code of the product that a benchmark calls. */
export type Product = Pick<typeof conduct, "startClient"> &
  Pick<typeof names, "libraryName"> &
  Pick<typeof labs, "openLab"> &
  Pick<typeof environment, "benchVersion" | "describeEnvironment"> &
  Pick<typeof servers, "startServer">;

/** What is measured is what `npm run build` has built, as users run it, wherever this file itself was compiled to. */
export async function loadProduct(): Promise<Product> {
  const [client, library, lab, machine, server] = await Promise.all([
    built<typeof conduct>("client/conduct.js"),
    built<typeof names>("client/library-name.js"),
    built<typeof labs>("lab/open.js"),
    built<typeof environment>("result/environment.js"),
    built<typeof servers>("server/start.js"),
  ]);
  return { ...client, ...library, ...lab, ...machine, ...server };
}

/** The project's folder. */
export function root(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

function built<Module>(path: string): Promise<Module> {
  return import(pathToFileURL(join(root(), "dist", path)).href) as Promise<Module>;
}
