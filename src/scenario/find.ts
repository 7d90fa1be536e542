import { stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, resolve, sep } from "node:path";
import { BenchError } from "../errors.js";
import { printable } from "../text/printable.js";
import { allScenarios, EXTENSION, filesBelow, OWN_FOLDER, refOf, roots, type ScenarioRef } from "./folders.js";
import { knownTitles } from "./known-titles.js";
import { listing, nearest } from "./source/suggest.js";

/**
 * What a user means by `asked`: a name below `./scenarios` or the package's own scenarios, a folder there (all in it,
 * sorted), or a path to a file or a folder. Throws `scenario-not-found` with the nearest names.
 */
export async function findScenarios(asked: string, cwd: string, own = OWN_FOLDER): Promise<ScenarioRef[]> {
  const name = isPath(asked) ? null : asked;
  const found =
    (name === null ? null : await byName(name.replace(/\/+$/, ""), cwd, own)) ??
    (await atPath(asked, cwd, own)) ??
    (name === null ? null : await byName(name.replace(EXTENSION, ""), cwd, own));
  if (found === null) throw await notFound(asked, cwd, own);
  return found;
}

export interface ListedScenario {
  name: string;
  /** Its title, or that it has mistakes. */
  title: string;
  path: string;
  /** Why it cannot be run; null when it can. */
  fault: BenchError | null;
}

/** What there is, sorted by name. A file with mistakes is in it too. */
export async function listScenarios(cwd: string, own = OWN_FOLDER): Promise<ListedScenario[]> {
  const titleOf = await knownTitles();
  return Promise.all((await allScenarios(cwd, own)).map((ref) => listed(ref, titleOf)));
}

async function listed(ref: ScenarioRef, titleOf: (path: string) => Promise<string | null>): Promise<ListedScenario> {
  const { name, path } = ref;
  const known = await titleOf(path);
  if (known !== null) return { name, title: known, path, fault: null };
  // What reads a scenario takes longer to load than all the rest.
  const { readScenario } = await import("./read.js");
  try {
    const { title } = await readScenario(ref);
    return { name, title, path, fault: null };
  } catch (fault) {
    if (!(fault instanceof BenchError)) throw fault;
    return { name, title: `(cannot be run; see what is wrong: bench show ${name})`, path, fault };
  }
}

/** The scenario of this name, or all in the folder of this name; null when there is neither. */
async function byName(name: string, cwd: string, own: string): Promise<ScenarioRef[] | null> {
  const all = await allScenarios(cwd, own);
  const exact = all.find((ref) => ref.name === name);
  if (exact !== undefined) return [exact];
  for (const root of roots(cwd, own)) {
    const inFolder = all.filter((ref) => ref.name.startsWith(`${name}/`) && ref.path.startsWith(root + sep));
    if (inFolder.length > 0) return inFolder;
  }
  return null;
}

/** The file, or what lies directly in the folder; null when nothing is there, or a folder without scenarios. */
async function atPath(asked: string, cwd: string, own: string): Promise<ScenarioRef[] | null> {
  if (asked === "" || asked.includes("\0")) return null;
  const path = resolve(cwd, asked);
  const found = await stat(path).catch(ignoreMissing);
  if (found === null) return null;
  if (!found.isDirectory()) return [refOf(path, cwd, own)];
  const inFolder = (await filesBelow(path, 0)).map((file) => refOf(file, cwd, own));
  return inFolder.length > 0 ? inFolder : null;
}

async function notFound(asked: string, cwd: string, own: string): Promise<BenchError> {
  const shown = printable(asked).slice(0, 200);
  const folder = asked === "" || asked.includes("\0") ? null : await stat(resolve(cwd, asked)).catch(() => null);
  if (folder?.isDirectory()) {
    return new BenchError("scenario-not-found", `The folder ${shown} holds no scenarios.`, "They end in .yaml.");
  }
  return new BenchError("scenario-not-found", `There is no scenario ${shown}.`, await hintFor(asked, cwd, own));
}

/** The file beside it or the scenario that was probably meant; else where to look. */
async function hintFor(asked: string, cwd: string, own: string): Promise<string> {
  const folder = dirname(asked);
  const beside = (await filesBelow(resolve(cwd, folder), 0)).map((file) => basename(file));
  const file = nearest(basename(asked), beside) ?? nearest(`${basename(asked)}.yaml`, beside);
  if (file !== null) return `Did you mean \`${asked.includes("/") ? `${folder}/${file}` : file}\`?`;
  const names = (await allScenarios(cwd, own)).map((ref) => ref.name);
  const word = asked.replace(EXTENSION, "");
  const base = nearest(basename(word), [...new Set(names.map((name) => basename(name)))]);
  const name = nearest(word, names) ?? names.find((one) => basename(one) === base) ?? null;
  if (name !== null) return `Did you mean \`${name}\`?`;
  if (beside.length > 0 && isPath(asked)) return `Its folder holds ${listing(beside)}.`;
  return "See what there is: bench list; a file of your own goes by its path: ./my-service.yaml";
}

/** Written as a path, and not as a name. */
function isPath(asked: string): boolean {
  return isAbsolute(asked) || /^\.{1,2}(\/|$)/.test(asked);
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "ENAMETOOLONG") return null;
  if (error.code === "EACCES" || error.code === "ELOOP") {
    throw new BenchError(
      "bad-scenario",
      `The file ${error.path ?? ""} may not be read (${error.code}).`,
      "Look at its path.",
    );
  }
  throw error;
}
