import { share } from "../text/figures.js";
import type { Isolation } from "../lab/isolation.js";
import { ROLES } from "../scenario/types.js";
import { hostOf, type Measurement } from "./measurement.js";
import { samplerDoubts } from "./sampler-doubts.js";
import { countedOn, countsEntries, halfClosed, tables } from "./time-wait.js";
import type { KernelReading, Trial, Warning } from "./types.js";

/** A client that used this much of a core for each of its threads may itself be what limited the rate. */
const BUSY_CORE = 0.95;
/** In less time a client is still warming up, and the kernel's ticks of 10 ms are too coarse. */
const SHORTEST_FOR_CPU_MS = 1_000;
/** What is due in the last moments may go out too late; more than this share of all requests is a rate not kept. */
const UNSENT_SHARE = 0.01;
/** Connections that ought to end in TIME_WAIT and end in resets instead: from this share on the run is not comparable. */
const RESET_SHARE = 0.1;
/** Connections tracked, of those the kernel has room for. */
const TRACKED = 0.9;
/** Ports taken, of those the client has for one destination. */
const PORTS_USED = 0.9;

type Doubt = Pick<Warning, "code" | "message">;

/** What to doubt in a trial, as data: each with a code for scripts and a sentence with its figures. */
export function doubtsOf(measurement: Measurement, trial: Trial): Doubt[] {
  // Among several steps what would be odd in a load may be the point.
  if (measurement.variant.phases.length > 0)
    return [
      ...sidesByView(measurement),
      ...uncalibrated(measurement),
      ...samplerDoubts(measurement),
      ...conntrackNearlyFull(measurement, trial),
    ];
  return [
    ...endsInResets(measurement, trial),
    ...sidesByView(measurement),
    ...uncalibrated(measurement),
    ...halfClosedDoubts(measurement),
    ...leftFromBefore(measurement),
    ...clientBusy(measurement, trial),
    ...rateNotKept(measurement, trial),
    ...portsUsedUp(trial),
    ...samplerDoubts(measurement),
    ...conntrackNearlyFull(measurement, trial),
    ...listenOverflows(measurement),
    ...unbalanced(trial),
  ];
}

/** A run that wanted a lab and did not get one. */
export function isolationDoubts({ isolation, lack }: Isolation): Doubt[] {
  if (isolation === "namespace") return [];
  const consequence =
    "client and server share this machine's loopback, its settings and its other traffic: not comparable with isolated runs";
  return [{ code: "no-isolation", message: lack === null ? consequence : `${lack.message}; ${consequence}` }];
}

/** Settings that the scenario asks for and that the machine, which is never changed, does not have. */
export function sysctlDoubts(measurement: Measurement): Doubt[] {
  if (measurement.isolation === "namespace") return [];
  const missed = ROLES.flatMap((role) => {
    const { sysctls } = hostOf(measurement, role);
    return Object.entries(measurement.variant.lab.sysctl[role])
      .filter(([key, value]) => sysctls[key] !== value.replaceAll(/\s+/g, " "))
      .map(([key, value]) => `${key} is ${sysctls[key] ?? "absent"}, not ${value}`);
  });
  if (missed.length === 0) return [];
  return [
    {
      code: "sysctls-not-applied",
      message: `without isolation the scenario's sysctls are not set: ${[...new Set(missed)].join("; ")}`,
    },
  ];
}

function endsInResets({ variant }: Measurement, { closedFirst, clientName, serverName }: Trial): Doubt[] {
  if (variant.load.connection !== "close" || closedFirst === null || closedFirst.reset < RESET_SHARE) return [];
  return [
    {
      code: "close-ends-in-resets",
      message:
        `${share(closedFirst.reset)} of the connections ended in a reset instead of TIME_WAIT: this is not how ` +
        `${clientName} and ${serverName} would end them in earnest. The figures are not comparable with those of others`,
    },
  ];
}

function sidesByView({ shared, isolation }: Measurement): Doubt[] {
  if (!shared) return [];
  return [
    isolation === "none"
      ? {
          code: "counted-by-client",
          message:
            "without isolation the kernel's counters hold other programs' connections too: TIME_WAIT created is what the client saw of its own, populations are the sockets of the run's port",
        }
      : {
          code: "sides-by-client",
          message:
            "client and server share one host: TIME_WAIT created is the kernel's count, shared out to the sides as the client saw who closed first",
        },
  ];
}

function halfClosedDoubts(measurement: Measurement): Doubt[] {
  return ROLES.filter((role) => halfClosed(measurement, role)).map((role) => ({
    code: "half-closed",
    message: `many sockets on the ${role} waited in FIN_WAIT2 for a FIN that came late or never; the kernel's gauge holds them too, so the populations are those of the tables, which are read more seldom`,
  }));
}

function uncalibrated(measurement: Measurement): Doubt[] {
  if (hostOf(measurement, "server").calibration === null || countsEntries(measurement, "server")) return [];
  return [
    {
      code: "counter-not-calibrated",
      message:
        "this kernel's TcpExt:TW does not count sockets that enter TIME_WAIT (Linux does since 5.18): created is what the client saw",
    },
  ];
}

/** In a lab there can only be what a warm-up left, where the kernel does not let us take it away. */
function leftFromBefore(measurement: Measurement): Doubt[] {
  const first = tables(measurement, "server")[0];
  if (first === undefined || first.atMs > measurement.report.startedAtMs) return [];
  const left = first.sides.client.time_wait + first.sides.server.time_wait;
  if (left === 0) return [];
  return [
    {
      code: "time-wait-before",
      message: `${left} sockets of the server's port were in TIME_WAIT before the load began: populations hold them too. ${measurement.isolation === "namespace" ? "They are the warm-up's, and this kernel does not let them be taken away" : "Wait 60 s between runs"}`,
    },
  ];
}

function clientBusy(measurement: Measurement, { cpu, durationMs, clientName }: Trial): Doubt[] {
  if (cpu.client === null || durationMs < SHORTEST_FOR_CPU_MS) return [];
  const { variant, report } = measurement;
  const { before, after } = hostOf(measurement, "client");
  const cores = (cpu.client.userMs + cpu.client.systemMs) / (after.atMs - before.atMs);
  const threads = report.threads ?? variant.load.sockets?.threads ?? 1;
  if (cores < BUSY_CORE * threads) return [];
  return [
    {
      code: "client-cpu-bound",
      message: `the client (${clientName}) used ${cores.toFixed(2)} of ${threads === 1 ? "a core" : `${threads} cores`}: rate and latency may show its limit, not the server's`,
    },
  ];
}

function rateNotKept({ variant }: Measurement, { pace, requests }: Trial): Doubt[] {
  if (pace === null || pace.unsent <= UNSENT_SHARE * (requests.sent + pace.unsent)) return [];
  const { connections } = variant.load;
  const busy = connections === 1 ? "the one connection was" : `all ${connections} connections were`;
  return [
    {
      code: "rate-not-kept",
      message:
        `${pace.sentPerSec} requests per second were sent of the ${pace.wantedPerSec} that were wanted: ${pace.unsent} ` +
        `were due and never sent, because ${busy} busy. Their waiting is in no latency`,
    },
  ];
}

function portsUsedUp({ timeWait, kernel, errors, addressPairs }: Trial): Doubt[] {
  const ports = kernel.client?.localPorts ?? null;
  const refused = errors.EADDRNOTAVAIL ?? 0;
  if (refused > 0)
    return [
      {
        code: "ports-used-up",
        message: `${refused} connects failed with EADDRNOTAVAIL: the client had no free local port for this destination`,
      },
    ];
  if (ports === null || timeWait === null) return [];
  const range = (ports.high - ports.low + 1) * addressPairs;
  if (timeWait.client.peak < PORTS_USED * range) return [];
  return [
    {
      code: "ports-nearly-used-up",
      message: `${timeWait.client.peak} of the client's ${range} local ports were in TIME_WAIT`,
    },
  ];
}

/** A full table makes the kernel drop entries, and then packets (net/netfilter/nf_conntrack_core.c, early_drop). */
function conntrackNearlyFull({ shared }: Measurement, { timeline, otherKernels, kernel }: Trial): Doubt[] {
  const { client, server, others } = timeline;
  const hosts = shared ? { client } : { client, server, ...others };
  const kernels: Record<string, KernelReading | null> = { ...kernel, ...otherKernels };
  return Object.entries(hosts).flatMap(([name, host]) => {
    const most = Math.max(0, ...(host?.table.conntrack ?? []));
    const room = Number(kernels[name]?.sysctls["net.netfilter.nf_conntrack_max"] ?? 0);
    if (room === 0 || most < TRACKED * room) return [];
    return [
      {
        code: "conntrack-nearly-full",
        message: `${most} connections were tracked at once on ${shared ? "the host" : name}, which has room for ${room} (nf_conntrack_max): beyond it new ones are dropped`,
      },
    ];
  });
}

function listenOverflows(measurement: Measurement): Doubt[] {
  if (measurement.isolation === "none") return [];
  const overflows = countedOn(measurement, "server")?.["TcpExt:ListenOverflows"] ?? 0;
  if (overflows === 0) return [];
  return [
    {
      code: "listen-overflow",
      message: `the server's listen queue overflowed ${overflows} times: clients waited a second or more for those connections`,
    },
  ];
}

function unbalanced({ books }: Trial): Doubt[] {
  return books
    .filter((line) => !line.balanced)
    .map((line) => ({
      code: "books-unbalanced",
      message: `${line.name}: ${line.left.who} counted ${line.left.count}, ${line.right.who} ${line.right.count} (${line.reason})`,
    }));
}
