import { createRequire } from "node:module";
import { ownFile } from "../places.js";

const OWN_PACKAGE = ownFile("package.json");

/** Name and version of an installed library: `undici 7.30.2`. */
export function libraryName(library: string): string {
  return `${library} ${versionIn(`${library}/package.json`)}`;
}

/** A client of our own has the version of the whole: `epoll 0.1.0`. */
export function ownName(client: string): string {
  return `${client} ${versionIn(OWN_PACKAGE)}`;
}

function versionIn(packageFile: string): string {
  const { version } = createRequire(import.meta.url)(packageFile) as { version: string };
  return version;
}
