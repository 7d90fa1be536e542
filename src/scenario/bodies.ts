import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { BenchError } from "../errors.js";
import { loadsOf, withLoads } from "./loads.js";
import type { BodyPlan, LoadPlan, Scenario } from "./types.js";

/** What is sent is held in memory, for each path anew by a client that makes its own bytes. */
const LARGEST_BYTES = 1024 * 1024;

/**
 * Reads the files that are bodies of requests, and writes into the plans how long they are and their hash: whoever sends one
 * makes sure that it is still the same. @throws BenchError `bad-scenario` for one that cannot be sent
 */
export async function withBodies<Read extends Scenario>(scenario: Read): Promise<Read> {
  const loads = scenario.variants.flatMap((variant) => [variant.load, ...loadsOf(variant)]);
  const files = new Set(loads.flatMap(({ request }) => fileOf(request?.body ?? null) ?? []));
  if (files.size === 0) return scenario;
  const read = new Map(
    await Promise.all([...files].map(async (file) => [file, await readBody(scenario.name, file)] as const)),
  );
  const withBody = (load: LoadPlan): LoadPlan => {
    const body = read.get(fileOf(load.request?.body ?? null) ?? "");
    return load.request === undefined || body === undefined ? load : { ...load, request: { ...load.request, body } };
  };
  return { ...scenario, variants: scenario.variants.map((variant) => withLoads(variant, withBody)) };
}

function fileOf(body: BodyPlan | null): string | null {
  return body !== null && "file" in body ? body.file : null;
}

async function readBody(scenario: string, file: string): Promise<BodyPlan> {
  const refused = (what: string, hint: string): BenchError =>
    new BenchError("bad-scenario", `${scenario} sends the file ${file}, ${what}`, hint);
  try {
    const found = await stat(file);
    if (!found.isFile()) throw refused("which is no regular file", "`bodyFile` is the path of a file.");
    if (found.size > LARGEST_BYTES)
      throw refused("which is larger than 1 MiB", "Send less: a body of that size is all that is measured.");
    const bytes = await readFileOf(file, found.size);
    return { file, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    if (error instanceof BenchError) throw error;
    const { code = "?" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw refused("and there is no such file", "`bodyFile` is relative to the folder of the scenario's file.");
    throw refused(`which cannot be read (${code})`, "Look at its permissions.");
  }
}

/** At most so many bytes, should it grow meanwhile. */
async function readFileOf(file: string, size: number): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
