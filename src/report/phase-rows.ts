import type { Figure, RunResult } from "../result/types.js";
import type { FigureRow } from "./figures.js";
import { figureText, NOTHING } from "../text/figures.js";
import type { VariantView } from "./view.js";

/** What is quicker was not waited for. */
const QUICK_MS = 100;

/** Of a load that is one step of several. Errors come on top. */
const OF_LOAD: readonly string[] = [
  "requests.sent",
  "requests.failed",
  "requests.perSec",
  "latencyUs.p50",
  "latencyUs.p99",
  "connections.opened",
  "timeWait.server.created",
  "timeWait.server.peak",
  "timeWait.client.created",
  "timeWait.client.peak",
  "closedFirst",
];

/** Counters of a reading that say what became of connections; the kernel has some hundred others. */
const OF_READING =
  /^(?:TW|PAWS|Listen|TCPTimeWait|TCPAbort|TCPSynChallenge|TCPKeepAlive|TCPReqQFull|TCPBacklogDrop|Syncookies|SynRetrans|TCPSynRetrans|EmbryonicRsts|AttemptFails|EstabResets|OutRsts|RetransSegs|TCPACKSkipped)/u;

/** What the steps found, one row a figure, in the order in which they were done; what is as ever is left out. */
export function phaseRows(views: readonly VariantView[], { scenario }: RunResult): FigureRow[] {
  const decisive = new Set([
    ...(scenario.claim?.figures ?? []).map(({ metric }) => metric),
    ...scenario.expect.map(({ metric }) => metric),
  ]);
  return [...stepsOf(views)].flatMap(([step, names]) =>
    [...names].flatMap((name): FigureRow[] => {
      const metric = `${step}.${name}`;
      const values = views.map(({ figures }) => (Object.hasOwn(figures, metric) ? (figures[metric] ?? null) : null));
      if (!decisive.has(metric) && isOrdinary(name, values, names)) return [];
      const cells = values.map((value) => [value === null ? NOTHING : figureText(metric, value)]);
      return [{ group: step, label: name, cells }];
    }),
  );
}

/** Every step with its figures, each once, as they first come up. */
function stepsOf(views: readonly VariantView[]): Map<string, Set<string>> {
  const steps = new Map<string, Set<string>>();
  for (const metric of views.flatMap(({ figures }) => Object.keys(figures))) {
    const dot = metric.indexOf(".");
    const step = dot < 0 ? metric : metric.slice(0, dot);
    const names = steps.get(step) ?? new Set();
    steps.set(step, names.add(dot < 0 ? "" : metric.slice(dot + 1)));
  }
  return steps;
}

function isOrdinary(name: string, values: readonly Figure[], beside: ReadonlySet<string>): boolean {
  const there = values.filter((value) => value !== null);
  const all = (...ordinary: Figure[]): boolean => there.every((value) => ordinary.includes(value));
  if (all(0)) return true;
  if (beside.has("requests.sent")) return !OF_LOAD.includes(name) && !name.startsWith("errors.");
  if (beside.has("gauge") && /^[A-Z]/u.test(name)) return !OF_READING.test(name);
  const quick = there.every((value) => typeof value === "number" && value < QUICK_MS);
  switch (name) {
    case "errno":
      return all("none");
    case "succeeded":
    case "reached":
      return all(1);
    case "outcome":
      return all("written", "read");
    case "tookMs":
      // A pause is as long as the scenario says, and `lateMs` longer.
      return beside.has("lateMs") || quick;
    case "slowestMs":
    case "lateMs":
    case "blindMs":
    case "answerMs":
      return quick;
    default:
      return false;
  }
}
