import { closeSync, openSync, readlinkSync, unlinkSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { BenchError } from "../../errors.js";
import { hasOwn, prepareFolders } from "./own-folders.js";

/** Of a host's own folders. */
const OWN = "/run";
/** In memory first, where there is that. */
const FOLDERS = ["/dev/shm", tmpdir()];
const ONLY_OURS = 0o600;

/**
 * A file that programs of this user can read by its path, and that is gone with this process, however that ends: in a folder
 * of this host's own, or, outside of a lab, in none. Then its name is taken away before anything is written.
 * @returns the path @throws BenchError `bad-scenario` where there is no /proc
 */
export function holdText(text: string): string {
  prepareFolders({ cwd: undefined, texts: [] });
  try {
    return hasOwn(OWN) ? inOwnFolder(text) : nameless(text);
  } catch (error) {
    throw new BenchError(
      "bad-scenario",
      `a file for the run's certificate could not be made: ${(error as Error).message}`,
      "It takes Linux, and /dev/shm or a folder for temporary files; `server.kind: node` needs none.",
    );
  }
}

function inOwnFolder(text: string): string {
  const path = join(OWN, `bench-${randomUUID()}`);
  writeFileSync(path, text, { mode: ONLY_OURS, flag: "wx" });
  return path;
}

function nameless(text: string): string {
  const file = openNameless();
  try {
    writeSync(file, text);
    return `/proc/${readlinkSync("/proc/self")}/fd/${file}`;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function openNameless(): number {
  let fault: unknown;
  for (const folder of FOLDERS) {
    const path = join(folder, `bench-${randomUUID()}`);
    try {
      const file = openSync(path, "wx+", ONLY_OURS);
      unlinkSync(path);
      return file;
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}
