import { accessSync, constants } from "node:fs";
import { access, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BenchError } from "../errors.js";
import { makeFolder } from "../folder.js";
import { fillIn } from "../metrics/names.js";
import { faultOf } from "./schema.js";
import type { RunResult, RunResultSet, VariantResult } from "./types.js";

export type ResultDocument = RunResult | RunResultSet;

const LARGEST_BYTES = 512 * 1024 * 1024;

/**
 * Makes sure, before anything is measured, that the result can be written; makes its folder.
 * @throws BenchError `output-not-writable`
 */
export async function prepareOutput(file: string): Promise<void> {
  try {
    await makeFolder(dirname(file));
    await access(dirname(file), constants.W_OK);
    const there = await stat(file).catch(() => null);
    if (there !== null && !there.isFile()) throw new Error("there is something of that name that is no file");
  } catch (error) {
    throw new BenchError(
      "output-not-writable",
      `the result cannot be written to ${file}: ${(error as Error).message}`,
      "Choose another place: --output FILE",
    );
  }
  await removeStale(dirname(file));
}

/** Whole or not at all: written beside its place, then renamed. */
export async function writeResult(file: string, document: ResultDocument): Promise<void> {
  const unfinished = join(dirname(file), `.${basename(file)}.${process.pid}.unfinished`);
  try {
    await writeFile(unfinished, asText(document));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw new BenchError(
      "output-not-writable",
      `the result could not be written to ${file}: ${(error as Error).message}`,
      "Free some room, or choose another place: --output FILE",
    );
  }
}

/** Indented, with each column of a timeline on a line of its own: read by people too, and kept in repositories. */
function asText(document: ResultDocument): string {
  // A string never holds a raw line feed in JSON, so these brackets are those of arrays without inner ones.
  return (
    JSON.stringify(document, null, 1).replaceAll(/\[\n[^[\]{}]*\]/g, (array) => array.replaceAll(/\n\s*/g, " ")) + "\n"
  );
}

/** @throws BenchError `bad-result` */
export async function readResult(file: string): Promise<ResultDocument> {
  const bad = (why: string, hint = "Give it a file that `bench run` has written."): BenchError =>
    new BenchError("bad-result", `${file} is no result: ${why}`, hint);
  let text: string;
  try {
    if ((await stat(file)).size > LARGEST_BYTES) throw new Error("it is larger than 512 MB");
    text = await readFile(file, "utf8");
  } catch (error) {
    throw bad((error as Error).message);
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw bad(`it is not whole JSON (${(error as Error).message})`);
  }
  if (typeof document !== "object" || document === null || !("schemaVersion" in document))
    throw bad("it has no schemaVersion");
  if (document.schemaVersion !== 1)
    throw bad(
      `its schemaVersion is ${String(document.schemaVersion)}, and this bench reads 1`,
      "Use the bench it came from.",
    );
  const results: unknown = "results" in document ? document.results : [document];
  if (!Array.isArray(results) || results.length === 0) throw bad("it holds no results");
  for (const [index, result] of results.entries()) {
    const fault = faultOf(result);
    if (fault !== null) throw bad(`${results.length > 1 ? `results[${index}].` : ""}${fault}`);
    completed(result as RunResult);
  }
  return document as ResultDocument;
}

/** What results of earlier versions did not have is what it was then: nothing. */
function completed({ scenario, variants }: RunResult): void {
  // The types are of today.
  const old = scenario as Partial<typeof scenario>;
  old.gates ??= [];
  old.claim ??= null;
  old.parallel ??= false;
  old.needs ??= [];
  for (const variant of scenario.variants as Partial<(typeof scenario.variants)[number]>[]) {
    variant.phases ??= [];
    variant.load!.warmupMs ??= 0;
  }
  for (const variant of Object.values(variants)) {
    const { trials, median } = variant;
    for (const measured of [variant, ...trials] as { figures?: VariantResult["figures"] }[]) measured.figures ??= {};
    for (const metrics of [...trials, median]) fillIn(metrics);
  }
}

export function resultsOf(document: ResultDocument): RunResult[] {
  return "results" in document ? document.results : [document];
}

/** Unfinished files of runs that were killed between writing and renaming. */
async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = /^\..*\.(\d+)\.unfinished$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(pid)) await rm(join(folder, name), { force: true }).catch(() => {});
  }
}

function isRunning(pid: string): boolean {
  try {
    accessSync(`/proc/${pid}`);
    return true;
  } catch {
    return false;
  }
}
