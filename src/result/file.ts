import { randomUUID } from "node:crypto";
import { accessSync, constants, createReadStream } from "node:fs";
import { access, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createGunzip } from "node:zlib";
import { BenchError } from "../errors.js";
import { completedFindings } from "../findings/findings.js";
import { followOwnLinks, makeFolder } from "../folder.js";
import { fillIn } from "../metrics/names.js";
import { LARGEST_BYTES, tooMuchIn } from "./limits.js";
import { faultOf } from "./schema.js";
import { FINDINGS_TODAY } from "../warnings/table.js";
import type { RunResult, RunResultSet, VariantResult } from "./types.js";

export type ResultDocument = RunResult | RunResultSet;

const ELSEWHERE = "Choose another place: --output FILE";

/**
 * Makes sure, before anything is measured, that the result can be written; makes its folder.
 * @throws BenchError `output-not-writable`
 */
export async function prepareOutput(file: string): Promise<void> {
  try {
    const place = await followOwnLinks(file, ELSEWHERE);
    await makeFolder(dirname(place));
    await access(dirname(place), constants.W_OK);
    const there = await stat(place).catch(() => null);
    if (there !== null && !there.isFile()) throw new Error("there is something of that name that is no file");
    await removeStale(dirname(place));
  } catch (error) {
    throw notWritable("cannot", file, error, ELSEWHERE);
  }
}

/** @throws BenchError `output-not-writable` */
export function writeResult(file: string, document: ResultDocument): Promise<void> {
  return writeWhole(file, asText(document));
}

/**
 * Whole or not at all: written beside its place under a name that nobody can foresee, then renamed. Where `file` is a link of
 * ours, what it points to is written, and the link stays.
 * @throws BenchError `output-not-writable`
 */
export async function writeWhole(file: string, text: string | Uint8Array): Promise<void> {
  let unfinished: string | null = null;
  try {
    const place = await followOwnLinks(file, ELSEWHERE);
    const name = `.${basename(place)}.${process.pid}.${randomUUID()}.unfinished`;
    const handle = await open(join(dirname(place), name), "wx");
    unfinished = join(dirname(place), name);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await rename(unfinished, place);
  } catch (error) {
    if (unfinished !== null) await rm(unfinished, { force: true }).catch(() => {});
    throw notWritable("could not", file, error, `Free some room. ${ELSEWHERE}`);
  }
}

function notWritable(could: string, file: string, error: unknown, hint: string): BenchError {
  return new BenchError(
    "output-not-writable",
    `the result ${could} be written to ${file}: ${(error as Error).message}`,
    error instanceof BenchError ? error.hint : hint,
  );
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
    text = await readText(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new BenchError("bad-result", `there is no file ${file}`, "Give it a file that `bench run` has written.");
    throw bad((error as Error).message);
  }
  const tooMuch = tooMuchIn(text);
  if (tooMuch !== null) throw bad(tooMuch);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw bad(`it is not whole JSON (${(error as Error).message})`);
  }
  if (typeof document !== "object" || document === null || !("schemaVersion" in document))
    throw bad("it has no schemaVersion");
  if (document.schemaVersion !== 1 && document.schemaVersion !== 2)
    throw bad(
      `its schemaVersion is ${JSON.stringify(document.schemaVersion).slice(0, 40)}, and this bench reads 1 and 2`,
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

/** Also from a pipe, which tells no size beforehand; and what was compressed. */
async function readText(file: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stream = createReadStream(file);
  const source = file.endsWith(".gz") ? stream.pipe(createGunzip()) : stream;
  // pipe() carries no errors.
  stream.on("error", (error) => source.destroy(error));
  for await (const chunk of source as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BYTES) throw new Error(`it is larger than ${LARGEST_BYTES / 2 ** 20} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** What results of earlier versions did not have is what it was then: nothing. */
function completed(result: RunResult): void {
  const { scenario, variants } = result;
  // The types are of today.
  const old = scenario as Partial<typeof scenario>;
  old.gates ??= [];
  old.claim ??= null;
  old.parallel ??= false;
  old.needs ??= [];
  for (const variant of scenario.variants as Partial<(typeof scenario.variants)[number]>[]) {
    variant.phases ??= [];
    variant.load!.warmupMs ??= 0;
    for (const host of Object.values(variant.lab?.hosts ?? {}) as { programs?: unknown[]; program?: unknown }[])
      host.programs ??= [host.program ?? []].flat();
  }
  for (const variant of Object.values(variants)) {
    const { trials, median } = variant;
    for (const measured of [variant, ...trials] as { figures?: VariantResult["figures"] }[]) measured.figures ??= {};
    for (const metrics of [...trials, median]) fillIn(metrics);
  }
  result.warnings = result.warnings.filter(({ code }) => !Object.hasOwn(FINDINGS_TODAY, code));
  // They follow from the rest.
  result.findings = completedFindings((result as Partial<RunResult>).findings ?? [], result);
}

export function resultsOf(document: ResultDocument): RunResult[] {
  return "results" in document ? document.results : [document];
}

/** Unfinished files of runs that were killed between writing and renaming. */
async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = /^\..*\.(\d+)\.[0-9a-f-]{36}\.unfinished$/.exec(name)?.[1];
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
