/** The figures that an expectation can name: paths into Metrics, the contract of a result. */

const LATENCY = ["min", "mean", "p50", "p90", "p99", "p999", "max"];
const TIME_WAIT = ["created", "peak", "end"];
const CPU = ["userMs", "systemMs"];

/** Each is a number. `errors.<name>` comes on top: names of errors are free. */
export const METRICS: readonly string[] = [
  ...under("requests", ["sent", "succeeded", "failed", "perSec"]),
  ...under("latencyUs", LATENCY),
  ...under("uncorrectedLatencyUs", LATENCY),
  ...under("pace", ["wantedPerSec", "sentPerSec", "unsent"]),
  ...under("connectUs", LATENCY),
  ...under("firstByteUs", LATENCY),
  ...under("connections", ["opened", "perSec", "requestsPer"]),
  ...under("timeWait.client", TIME_WAIT),
  ...under("timeWait.server", TIME_WAIT),
  ...under("closedFirst", ["client", "server", "reset"]),
  ...under("cpu.client", CPU),
  ...under("cpu.server", CPU),
];

/** What a comparison computes from them; a gate can name these too. */
export const PER_REQUEST_METRICS: readonly string[] = [
  "connections.perRequest",
  "timeWait.client.createdPerRequest",
  "timeWait.server.createdPerRequest",
  "cpu.client.usPerRequest",
  "cpu.server.usPerRequest",
];

/** What a comparison judges by itself, `errors.<name>` on top: only that can be `not worse`. */
export const JUDGED_METRICS: readonly string[] = [
  ...PER_REQUEST_METRICS,
  "closedFirst.reset",
  "requests.perSec",
  "latencyUs.p50",
  "latencyUs.p99",
  "connectUs.p50",
];

/** Not a number but a name: who ended most of the connections. */
export const NAME_METRIC = "closedFirst";
export const CLOSERS = ["client", "server", "reset"] as const;

const ERROR_METRIC = /^errors\.[A-Za-z][A-Za-z0-9_-]*$/;

export function isNumericMetric(path: string): boolean {
  return METRICS.includes(path) || ERROR_METRIC.test(path);
}

function under(group: string, names: readonly string[]): string[] {
  return names.map((name) => `${group}.${name}`);
}
