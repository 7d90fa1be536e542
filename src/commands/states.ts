import { STATES } from "./definitions/machine.js";
import { BenchError, EXIT, type ExitCode } from "../errors.js";
import { renderStates, type StatesFormat } from "../report/states.js";
import { Lookout, type Target } from "../states/lookout.js";
import type { LookRequest } from "../states/types.js";
import { count, parse } from "./options.js";
import { everyFrom, HIGHEST_PID, HIGHEST_PORT, pause } from "./looking.js";
import { DEFAULT_WIDTH, type World } from "./world.js";

/** Reading so many to the last one takes some 40 ms; what is beyond, somebody has to want. */
const MANY = 100_000;
const DEFAULT_EVERY = "1s";
/** More often, and the looking is what is seen. */
const LEAST_EVERY_MS = 100;

const HOME = "\u001b[H";
const CLEAR = "\u001b[2J";
const CLEAR_TO_END_OF_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";

/** The table of states of a network namespace, by side and port: once, or again and again. */
export async function states(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(STATES, withWatch(args));
  if (positionals.length > 0)
    throw new BenchError(
      "bad-usage",
      `bench states takes no "${positionals[0]}"`,
      "A process goes with --pid, a port with --port: bench states --pid 4711 --port 8080",
    );
  const target = targetFrom(values, world.userId);
  const request: LookRequest = {
    ports: (values.port ?? []).map((text) => count("--port", text, HIGHEST_PORT)),
    most: values.full ? null : MANY,
  };
  const format = values.format;
  const everyMs = values.watch === undefined ? null : everyFrom("--watch", values.watch, LEAST_EVERY_MS);

  const lookout = new Lookout(target);
  try {
    return everyMs === null
      ? await once(lookout, { target, request, format, world })
      : await watch(lookout, everyMs, { target, request, format, world });
  } finally {
    lookout.close();
  }
}

interface Plan {
  target: Target;
  request: LookRequest;
  format: StatesFormat;
  world: World;
}

async function once(lookout: Lookout, plan: Plan): Promise<ExitCode> {
  const text = await draw(lookout, plan);
  if (text === null)
    throw new BenchError(
      "no-lab-running",
      "no lab of this user is running",
      "Start one in another terminal (npx bench run close-vs-keepalive), or wait for one: bench states --lab --watch",
    );
  plan.world.stdout.write(text);
  return EXIT.ok;
}

/** Until Ctrl-C, which is how it is meant to end; or until the process has ended, or nobody reads any more. */
async function watch(lookout: Lookout, everyMs: number, plan: Plan): Promise<ExitCode> {
  const { stdout, stderr, interrupted } = plan.world;
  const inPlace = plan.format === "terminal" && stdout.columns !== null && stdout.color;
  const began = performance.now();
  for (let round = 0; !interrupted.aborted;) {
    let text: string | null;
    try {
      text = await draw(lookout, plan);
    } catch (error) {
      if (round === 0 || !(error instanceof BenchError) || error.code !== "no-such-process") throw error;
      stderr.write(`${error.message} any more\n`);
      return EXIT.ok;
    }
    if (interrupted.aborted) break;
    const shown = text ?? (plan.format === "terminal" ? "no lab of this user is running\n" : null);
    if (shown !== null && !stdout.write(inPlace ? onScreen(shown, round === 0, stdout.rows) : shown)) break;
    // After a look that took longer than a round, the next one is the first that is not due yet.
    round = Math.max(round + 1, Math.ceil((performance.now() - began) / everyMs));
    await pause(() => began + round * everyMs - performance.now(), lookout, interrupted);
  }
  return EXIT.ok;
}

/** null when there is nothing to look at. */
async function draw(lookout: Lookout, { request, format, world: { stdout } }: Plan): Promise<string | null> {
  const namespaces = await lookout.look(request);
  if (namespaces.length === 0) return null;
  const document = { schemaVersion: 1, at: new Date().toISOString(), ports: request.ports, namespaces } as const;
  return renderStates(document, format, { width: stdout.columns ?? DEFAULT_WIDTH, color: stdout.color });
}

/** Over what stood there before; what does not fit on the screen is left out, for it would push the rest away. */
function onScreen(text: string, first: boolean, rows: number | null): string {
  const lines = text.split("\n").slice(0, -1);
  const shown = rows === null || lines.length < rows ? lines : [...lines.slice(0, rows - 2), "…"];
  return `${first ? CLEAR : ""}${HOME}${shown.map((line) => `${line}${CLEAR_TO_END_OF_LINE}\n`).join("")}${CLEAR_BELOW}`;
}

/** `--watch` may stand alone, which parseArgs does not know of an option that takes a value. */
function withWatch(args: readonly string[]): string[] {
  return args.flatMap((arg, at) => {
    if (arg === "--watch") return /^\d/u.test(args[at + 1] ?? "") ? [arg] : [`--watch=${DEFAULT_EVERY}`];
    return [arg];
  });
}

function targetFrom({ pid, lab }: { pid?: string | undefined; lab: boolean }, userId: number): Target {
  if (pid !== undefined && lab)
    throw new BenchError("bad-usage", "bench states takes --pid or --lab, not both", "Look at one after the other.");
  if (pid !== undefined) return { kind: "process", pid: count("--pid", pid, HIGHEST_PID) };
  return lab ? { kind: "labs", userId } : { kind: "machine" };
}
