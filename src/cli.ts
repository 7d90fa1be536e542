#!/usr/bin/env node
import { setMaxListeners } from "node:events";
import { writeSync } from "node:fs";
import { basename } from "node:path";
import type { Output, World } from "./commands/world.js";
import type { ExitCode } from "./errors.js";

// Imported here, one after the other: where a process may open but a few files, an import above would end in Node's stack.
const { BenchError, EXIT, forUsers } = await import("./errors.js").catch(notEvenStarted);
const { guarded } = await import("./text/printable.js").catch(notEvenStarted);
const { killDescendants } = await import("./waiting/kill-descendants.js").catch(notEvenStarted);
const { RUN_OF } = await import("./commands/commands.js").catch(notEvenStarted);
const { COMMANDS } = await import("./commands/definitions.js").catch(notEvenStarted);

/** argv → command → exit code: the only file that touches the process it runs in. */
async function main(args: readonly string[], world: World): Promise<ExitCode> {
  const [name = "--help", ...rest] = args;
  if (name === "--version" || name === "-v" || name === "-V") {
    world.stdout.write((await import("./commands/help.js")).versionText());
    return EXIT.ok;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  const beforeEnd = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : rest.length);
  const asksForHelp = command === undefined || beforeEnd.includes("--help") || beforeEnd.includes("-h");
  if (!asksForHelp) return RUN_OF[command.name](rest, world);
  const { commandCalled, helpOf, overview } = await import("./commands/help.js");
  const isFlag = name === "--help" || name === "-h";
  world.stdout.write(isFlag ? overview(world.program) : helpOf(commandCalled(name), world.program));
  return args.length === 0 ? EXIT.usage : EXIT.ok;
}

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

const interruption = new AbortController();
// Scenarios that run side by side each listen for it.
setMaxListeners(0, interruption.signal);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    // The second time is meant in earnest.
    if (!interruption.signal.aborted) return interruption.abort(new Error(`interrupted by ${signal}`));
    killDescendants();
    process.exit(EXIT.interrupted);
  });

/** The second name is for where `bench` is another program. */
const SECOND_NAME = "time-wait-bench";

const world: World = {
  program: basename(process.argv[1] ?? "") === SECOND_NAME ? SECOND_NAME : "bench",
  cwd: workingFolder(),
  env: process.env,
  stdout: outputOn(process.stdout, 1),
  stderr: outputOn(process.stderr, 2),
  interrupted: interruption.signal,
  userId: process.getuid?.() ?? -1,
};

try {
  process.exitCode = await main(process.argv.slice(2), world);
} catch (error) {
  const known = forUsers(error);
  if (known !== null) {
    process.exitCode = known.exitCode;
    const { errorAsText } = await import("./commands/errors-as-text.js").catch(notEvenStarted);
    world.stderr.write(errorAsText(known, world.stderr.color));
  } else if (interruption.signal.aborted) {
    process.exitCode = EXIT.interrupted;
  } else {
    const { stack } = error as Error;
    world.stderr.write(`bug: ${stack ?? String(error)}\nPlease report this with the command that led to it.\n`);
    process.exitCode = 70;
  }
}
// Nothing that we have started outlives us, also what is stopped.
killDescendants();
process.exit();
