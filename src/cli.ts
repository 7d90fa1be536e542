#!/usr/bin/env node
import { setMaxListeners } from "node:events";
import { closeSync, writeSync } from "node:fs";
import { basename } from "node:path";
import type { Output, World } from "./commands/world.js";

/** The only file that touches the process it runs in. */

// Imported here, one after the other: where a process may open but a few files, an import above would end in Node's stack.
const { BenchError, EXIT } = await import("./errors.js").catch(notEvenStarted);
const { guarded } = await import("./text/printable.js").catch(notEvenStarted);
const { killDescendants } = await import("./waiting/kill-descendants.js").catch(notEvenStarted);
const { main } = await import("./commands/main.js").catch(notEvenStarted);

function outputOn(stream: NodeJS.WriteStream, fd: 1 | 2): Output {
  return {
    // Synchronously: a report that is cut off by process.exit() would be half a report.
    write: (text) => writeAll(fd, guarded(text)),
    // Some terminals (`script` in CI) say that they have no columns at all.
    get columns() {
      return stream.isTTY && stream.columns > 0 ? stream.columns : null;
    },
    get rows() {
      return stream.isTTY && stream.rows > 0 ? stream.rows : null;
    },
    color: stream.isTTY && (process.env.NO_COLOR ?? "") === "" && process.env.TERM !== "dumb",
  };
}

/** What goes wrong before there is anything of ours. */
function notEvenStarted(error: NodeJS.ErrnoException): never {
  if (!["EMFILE", "ENFILE", "ERR_MODULE_NOT_FOUND"].includes(error.code ?? "")) throw error;
  writeSync(2, "error: a part of bench could not be loaded\n");
  writeSync(
    2,
    "hint: Raise the limit of open files: ulimit -n 1024. If that does not help, install it again: npm ci\n",
  );
  process.exit(3);
}

/** @returns false when whoever read it has gone */
function writeAll(fd: number, text: string): boolean {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A reader that has gone (`| head`), or a terminal that was closed, has all it wants.
      if (code === "EPIPE" || code === "EIO") return false;
      // A pipe that is full and does not block; wait a little for its reader.
      if (code !== "EAGAIN")
        throw new BenchError(
          "output-not-writable",
          `the output cannot be written (${code ?? "unknown"})`,
          "Free some room where it goes, or send it elsewhere.",
        );
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return true;
}

/** The folder that we run in may have been removed: then only absolute paths can be found. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}

/**
 * Nothing that we have started outlives us, also what is stopped. Node aborts where it cannot give a terminal its settings
 * back, as one that was closed, and passes over what is closed itself (src/node.cc, ResetStdio).
 */
function end(): never {
  killDescendants();
  if (isHungUp)
    for (const fd of [0, 1, 2]) {
      try {
        closeSync(fd);
      } catch {
        // It was none.
      }
    }
  process.exit();
}

let isHungUp = false;
const interruption = new AbortController();
// Scenarios that run side by side each listen for it.
setMaxListeners(0, interruption.signal);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    isHungUp ||= signal === "SIGHUP";
    // The second time is meant in earnest.
    if (!interruption.signal.aborted) return interruption.abort(new Error(`interrupted by ${signal}`));
    process.exitCode = EXIT.interrupted;
    end();
  });

/** Lines of stdin, which is not touched until one is asked for. */
function linesOf(stream: NodeJS.ReadStream): World["readLine"] {
  const ended = new Promise<null>((resolve) => interruption.signal.addEventListener("abort", () => resolve(null)));
  let lines: AsyncIterator<string> | null = null;
  return async () => {
    if (lines === null) {
      const { createInterface } = await import("node:readline");
      lines = createInterface({ input: stream })[Symbol.asyncIterator]();
    }
    const line = await Promise.race([lines.next(), ended]);
    return line === null || line.done === true ? null : line.value;
  };
}

/** The second name is for where `bench` is another program. */
const SECOND_NAME = "time-wait-bench";

const world: World = {
  program: basename(process.argv[1] ?? "") === SECOND_NAME ? SECOND_NAME : "bench",
  cwd: workingFolder(),
  env: process.env,
  readLine: linesOf(process.stdin),
  stdout: outputOn(process.stdout, 1),
  stderr: outputOn(process.stderr, 2),
  terminal: process.stderr.isTTY ? { fd: 2, stream: process.stderr, owner: process } : null,
  interrupted: interruption.signal,
  userId: process.getuid?.() ?? -1,
};

process.exitCode = await main(process.argv.slice(2), world);
end();
