import { open, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { stringify } from "yaml";
import { BenchError } from "../errors.js";
import { withBodies } from "./bodies.js";
import type { ScenarioRef } from "./folders.js";
import { type ParseOptions, parseFile } from "./parse.js";
import type { Scenario } from "./types.js";

/** What may be changed from outside the file. */
export type LoadOptions = Pick<ParseOptions, "cwd" | "overrides" | "only" | "autoClient">;

/** A scenario is a page of text; whatever is larger is something else, and is not even read. */
const LARGEST_BYTES = 1024 * 1024;

/**
 * One scenario, read and resolved. Its file is the text as it is, or, where options change it, one that says the same by
 * itself. Throws a ScenarioError for what stands in it, a BenchError for the file itself.
 */
export async function readScenario(
  { name, path, file }: ScenarioRef,
  options: LoadOptions = {},
): Promise<Scenario & { file: string }> {
  const text = await readScenarioText(path, file);
  const { scenario, fields } = parseFile(text, { name, file, folder: dirname(path), ...options });
  const changed = (options.overrides ?? []).length > 0 || (options.only ?? null) !== null;
  return withBodies({ ...scenario, file: changed ? stringify(fields) : text });
}

/** The text of a scenario's file. `shownAs` is how messages call it. Throws a BenchError, each with its own sentence. */
export async function readScenarioText(path: string, shownAs: string): Promise<string> {
  const bytes = await readBytes(path, shownAs);
  if (bytes.length > LARGEST_BYTES) {
    throw refused(shownAs, "is larger than 1 MiB", "A scenario is a page of YAML; is this the right file?");
  }
  if (bytes.includes(0)) throw refused(shownAs, "is binary", "A scenario is a YAML text in UTF-8.");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refused(shownAs, "is not valid UTF-8", "A scenario is a YAML text in UTF-8.");
  }
}

/** At most one byte more than is allowed. */
async function readBytes(path: string, shownAs: string): Promise<Uint8Array> {
  try {
    // Asked before it is opened: opening a named pipe would wait for its writer.
    if (!(await stat(path)).isFile()) throw refused(shownAs, "is no regular file", "Give the path of a YAML file.");
    const file = await open(path, "r");
    try {
      return await readUpTo(file, LARGEST_BYTES + 1);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof BenchError) throw error;
    throw unreadable(error, shownAs);
  }
}

async function readUpTo(file: FileHandle, most: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(most);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, most - length, null);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
  }
}

function unreadable(error: unknown, shownAs: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  if (error.code === "ENOENT" || error.code === "ENOTDIR") {
    return new BenchError("scenario-not-found", `There is no file ${shownAs}.`, "See what there is: bench list");
  }
  if (error.code === "EACCES" || error.code === "EPERM") {
    return refused(shownAs, "may not be read by you", `Look at its permissions: ls -l ${shownAs}`);
  }
  return refused(shownAs, `cannot be read (${error.code})`, "Give the path of a YAML file.");
}

function refused(shownAs: string, what: string, hint: string): BenchError {
  return new BenchError("bad-scenario", `The file ${shownAs} ${what}.`, hint);
}
