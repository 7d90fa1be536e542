#!/usr/bin/env node
import { setMaxListeners } from "node:events";
import { writeSync } from "node:fs";
import { commands, helpText, versionText } from "./commands/commands.js";
import { errorAsText } from "./commands/errors-as-text.js";
import { suggestion } from "./commands/options.js";
import type { Output, World } from "./commands/world.js";
import { BenchError, EXIT, type ExitCode } from "./errors.js";
import { guarded } from "./text/printable.js";
import { killDescendants } from "./waiting/kill-descendants.js";

/** argv → command → exit code: the only file that touches the process it runs in. */
async function main(args: readonly string[], world: World): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    world.stdout.write(helpText());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === "--version" || name === "-V") {
    world.stdout.write(versionText());
    return EXIT.ok;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined)
    throw new BenchError(
      "bad-usage",
      `there is no command "${name}"`,
      suggestion(
        name,
        commands.map((known) => known.name),
        "See bench --help.",
      ),
    );
  if (rest.includes("--help") || rest.includes("-h")) {
    world.stdout.write(command.help);
    return EXIT.ok;
  }
  return command.run(rest, world);
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

const world: World = {
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
  if (error instanceof BenchError) {
    process.exitCode = error.exitCode;
    world.stderr.write(errorAsText(error, world.stderr.color));
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
