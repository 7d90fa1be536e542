import { readdir } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ownFile } from "../places.js";

/** A scenario that was found, not yet read. */
export interface ScenarioRef {
  /** As Scenario.name. */
  name: string;
  path: string;
  /** The path as messages show it: relative to the current folder when it lies below it. */
  file: string;
}

/** The scenarios that come with bench. This file lies two levels below the package's root, compiled or not. */
export const OWN_FOLDER = ownFile("scenarios");

export const EXTENSION = /\.ya?ml$/;
const MOST_FOLDERS_DEEP = 5;
const LESSONS = "lessons";

/** Every scenario that can be called by its name, sorted. One of the current folder hides one of bench's own. */
export async function allScenarios(cwd: string, own = OWN_FOLDER): Promise<ScenarioRef[]> {
  const found = new Map<string, ScenarioRef>();
  for (const root of roots(cwd, own)) {
    for (const path of await filesBelow(root, MOST_FOLDERS_DEEP)) {
      const ref = refOf(path, cwd, own);
      if (!found.has(ref.name)) found.set(ref.name, ref);
    }
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Where names are looked up, in this order. */
export function roots(cwd: string, own: string): string[] {
  return [...new Set([resolve(cwd, "scenarios"), resolve(own)])];
}

/** Sorted, with those of folders in it down to `depth`; a folder that may not be read holds nothing. */
export async function filesBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      // Scenarios of a lesson are steps of it, and go by their path.
      if (entry.isDirectory()) return depth > 0 && entry.name !== LESSONS ? filesBelow(path, depth - 1) : [];
      return EXTENSION.test(entry.name) && !entry.name.startsWith(".") ? [path] : [];
    }),
  );
  return found.flat().toSorted();
}

/** The name is the path below `scenarios/`, or the file's own for one that lies elsewhere. */
export function refOf(path: string, cwd: string, own: string): ScenarioRef {
  const root = roots(cwd, own).find((folder) => path.startsWith(folder + sep));
  const inside = root === undefined ? basename(path) : relative(root, path);
  const below = relative(cwd, path);
  return {
    name: inside.replace(EXTENSION, "").split(sep).join("/"),
    path,
    file: below.startsWith("..") || isAbsolute(below) ? path : below,
  };
}
