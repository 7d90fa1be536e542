import { resolve } from "node:path";
import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { Recording } from "../handover/recording.js";
import { prepareOutput, writeResult } from "../result/file.js";
import { inJson } from "../text/printable.js";
import { watchJson, watchLine, watchScreen } from "../report/watch.js";
import { Screen } from "../screen/screen.js";
import { ProcessTerminal } from "../screen/terminal.js";
import { inLanguage, type Language } from "../text/language.js";
import { nameOf, Post, type WatchTarget } from "../watch/post.js";
import type { ServedMetrics } from "../viewers/serve-metrics.js";
import type { Seen, WatchView } from "../watch/types.js";
import { Watcher } from "../watch/watcher.js";
import { WATCH } from "./definitions/machine.js";
import { chosenLanguage } from "./language.js";
import { count, parse, requireNothing } from "./options.js";
import { everyFrom, HIGHEST_PID, HIGHEST_PORT, pause } from "./looking.js";
import type { World } from "./world.js";

const LEAST_EVERY_MS = 200;
const MOST_READINGS = 1_000_000;
/** Reading takes 1 % of a processor at most; but a TIME_WAIT that nobody has seen for a minute is gone. */
const COST_SHARE = 0.01;
const AT_LEAST_EVERY_MS = 60_000;

/** As a file: the log of a container outlives it. */
const TO_STDOUT = "-";

interface Plan {
  post: Post;
  watcher: Watcher;
  ports: number[];
  everyMs: number;
  /** Infinity until Ctrl-C. */
  readings: number;
  /** Who else is told; null: nobody. */
  metrics: ServedMetrics | null;
  /** null: it is not recorded. */
  recording: Recording | null;
  language: Language;
  world: World;
}

/** A namespace as it goes on, reading after reading. */
export async function watch(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(WATCH, args);
  requireNothing("watch", positionals, "A process goes with --pid, a port with --port: bench watch --pid 4711");
  const target = targetFrom(values);
  const ports = (values.port ?? []).map((text) => count("--port", text, HIGHEST_PORT));
  const everyMs = everyFrom("--every", values.every, LEAST_EVERY_MS);
  const readings = values.count === undefined ? Infinity : count("--count", values.count, MOST_READINGS);
  const language = values.format === "json" ? "en" : chosenLanguage(values.lang, world.env);
  const place = {
    name: () => nameOf(target),
    namespace: {
      pid: target.kind === "process" ? target.pid : null,
      netns: target.kind === "netns" ? target.path : null,
    },
    isWhole: ports.length === 0,
  };
  const post = new Post(target);
  const metrics = values.listen === undefined ? null : await servedAt(values.listen, world);
  const recording = values.record === undefined ? null : new Recording(nameOf(target));
  if (values.record !== undefined) {
    if (ports.length > 0) throw wholeOnly();
    if (values.record !== TO_STDOUT) await prepareOutput(resolve(world.cwd, values.record));
  }
  const plan: Plan = {
    post,
    watcher: new Watcher(place),
    ports,
    everyMs,
    readings,
    metrics,
    recording,
    language,
    world,
  };
  try {
    if (values.record === TO_STDOUT) return await follow(plan, () => true);
    return values.format === "terminal" &&
      world.stdout.columns !== null &&
      world.stdout.color &&
      world.terminal !== null
      ? await onScreen(plan, target)
      : await inLines(plan, values.format === "json" ? watchJson : watchLine);
  } finally {
    post.close();
    metrics?.close();
    if (recording !== null) await save(recording, values.record!, world);
  }
}

async function save(recording: Recording, file: string, { cwd, stdout, stderr }: World): Promise<void> {
  const result = recording.result(true);
  if (result === null) return void stderr.write("nothing was recorded: it takes two readings\n");
  if (file === TO_STDOUT) return void stdout.write(`${inJson(JSON.stringify(result))}\n`);
  await writeResult(resolve(cwd, file), result);
  stderr.write(`result: ${file}\n`);
}

function wholeOnly(): BenchError {
  return new BenchError(
    "bad-usage",
    "a recording is of all sockets of a namespace: --record goes without --port",
    "Leave out one of both.",
  );
}

function inLines(plan: Plan, text: (view: WatchView) => string): Promise<ExitCode> {
  return follow(plan, (view) => plan.world.stdout.write(inLanguage(plan.language, () => text(view))));
}

async function onScreen(plan: Plan, target: WatchTarget): Promise<ExitCode> {
  let last: WatchView | null = null;
  const { world } = plan;
  const drawn = (view: WatchView, columns: number): string[] =>
    inLanguage(plan.language, () => watchScreen(view, nameOf(target), { width: columns - 1, color: true }));
  const screen = new Screen(new ProcessTerminal(world.terminal!), ({ columns }) =>
    last === null ? [] : drawn(last, columns),
  );
  try {
    return await follow(plan, (view) => {
      last = view;
      screen.open();
      screen.refresh();
      return true;
    });
  } finally {
    screen.close();
    // What was seen last stays.
    if (last !== null) world.stdout.write(`${drawn(last, world.stdout.columns!).join("\n")}\n`);
  }
}

/** Until Ctrl-C, which is how it is meant to end; or until the process has ended, or nobody reads any more. */
async function follow(
  { post, watcher, ports, everyMs, readings, metrics, recording, language, world }: Plan,
  show: (view: WatchView) => boolean,
): Promise<ExitCode> {
  const { stderr, interrupted } = world;
  for (let reading = 0; reading < readings && !interrupted.aborted; reading++) {
    const began = performance.now();
    let seen: Seen;
    try {
      seen = await post.look(recording === null ? { ports } : { ports, records: true });
    } catch (error) {
      if (interrupted.aborted) break;
      if (reading === 0 || !(error instanceof BenchError) || error.code !== "no-such-process") throw error;
      stderr.write(`${error.message} any more\n`);
      break;
    }
    const waitMs = Math.max(everyMs, Math.min(AT_LEAST_EVERY_MS, seen.costMs / COST_SHARE));
    const when = { at: new Date().toISOString(), nowMs: began, everyMs: waitMs };
    const view = inLanguage(language, () => watcher.view(seen, when));
    metrics?.update(view);
    recording?.add(seen.kept, when);
    if (recording?.isFull === true) break;
    if (interrupted.aborted || !show(view)) break;
    if (reading + 1 < readings) await pause(() => began + waitMs - performance.now(), post, interrupted);
  }
  return EXIT.ok;
}

function targetFrom({ pid, netns }: { pid?: string | undefined; netns?: string | undefined }): WatchTarget {
  if (pid !== undefined && netns !== undefined)
    throw new BenchError("bad-usage", "bench watch takes --pid or --netns, not both", "Watch one of them.");
  if (pid !== undefined) return { kind: "process", pid: count("--pid", pid, HIGHEST_PID) };
  return netns === undefined ? { kind: "machine" } : { kind: "netns", path: netns };
}

async function servedAt(listen: string, { stderr }: World): Promise<ServedMetrics> {
  const { serveMetrics } = await import("../viewers/serve-metrics.js");
  const metrics = await serveMetrics(listen);
  const whom = metrics.isLocal ? "" : " (for whoever reaches that address)";
  stderr.write(`metrics: ${metrics.address}${whom}\n`);
  return metrics;
}
