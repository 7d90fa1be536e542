import { createRequire } from "node:module";

/** Name and version of an installed library: `undici 7.30.2`. */
export function libraryName(library: string): string {
  const { version } = createRequire(import.meta.url)(`${library}/package.json`) as { version: string };
  return `${library} ${version}`;
}
