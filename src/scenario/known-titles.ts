import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { ownFile } from "../places.js";

/**
 * Titles of files that were read and found right when bench was built, by what is in them: `bench list` takes a fifth of
 * the time where it need not read them again. A file that has changed since is not among them.
 */
export const TITLES = ownFile("dist/titles.json");
const LARGEST_BYTES = 1024 * 1024;

/** How a text is found again. */
export function fingerprint(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url");
}

/** @returns what a file's title is, by its path; null where that is not known */
export async function knownTitles(): Promise<(path: string) => Promise<string | null>> {
  const titles = await readFile(TITLES, "utf8").then(
    (text) => new Map(Object.entries(JSON.parse(text) as Record<string, string>)),
    () => new Map<string, string>(),
  );
  return async (path) => {
    try {
      const found = await stat(path);
      if (titles.size === 0 || !found.isFile() || found.size > LARGEST_BYTES) return null;
      return titles.get(fingerprint(await readFile(path))) ?? null;
    } catch {
      // What is wrong with it is for whoever reads it to say.
      return null;
    }
  };
}
