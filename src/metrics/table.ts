import { CLOSE_CAUSES } from "./close-causes.js";
import type { ComparedBy, MetricFamily, Group, Leaf, MetricUnit, Node, OrNull, ValueOf } from "./types.js";

/**
 * Every figure of a trial, each told once. The names and their places are the contract of a result. Whoever adds a figure
 * adds it here and where it is measured (`result/trial.ts`); the compiler and the tests of this room name what is left.
 */

/** Whatever goes beyond base by less than this for each request is no pattern. */
export const LEAST_PER_REQUEST = 0.001;

/**
 * A role that waits for a processor this much of the time in which it could run has a competitor. Measured on two cores with
 * `close-vs-keepalive`, for 1 and 3 s: the client waited 12 to 27 % with nobody beside and 30 to 38 % beside a busy loop or
 * two; the server, whose own threads wait for each other as well, 17 to 49 % and 44 to 64 %.
 */
export const STARVED_SHARE = { client: 0.3, server: 0.5 } as const;

const STRUCTURAL = { tier: "structural", better: "lower", minimum: 0.1 } as const;
const PER_REQUEST = { ...STRUCTURAL, withPool: true } as const;
const OF_CONNECTIONS = { ...STRUCTURAL, minimum: 0.05 } as const;
const TIMING = { tier: "timing", better: "lower", minimum: 0.05 } as const;
/** The slowest of a hundred scatters more. */
const OF_P99 = { ...TIMING, minimum: 0.1 } as const;

type Text = readonly [title: string, label: string, means: string];

const figure =
  (unit: MetricUnit) =>
  ([title, label, means]: Text, compared?: ComparedBy): Leaf =>
    compared === undefined
      ? { kind: "number", unit, title, label, means }
      : { kind: "number", unit, title, label, means, compared };
const count = figure("count");
const perSec = figure("perSec");
const perRequest = figure("perRequest");
const share = figure("share");
const us = figure("us");
const ms = figure("ms");

const group = <Fields extends Readonly<Record<string, Node>>>(fields: Fields): Group<Fields> => ({
  kind: "group",
  fields,
});
const orNull = <Inner extends Node>(inner: Inner, means: string, absent: string): OrNull<Inner> => ({
  kind: "or-null",
  inner,
  means,
  absent,
});
const family = <Inner extends Node>(of: string, pattern: string, inner: Inner): MetricFamily<Inner> => ({
  kind: "family",
  each: of,
  pattern,
  inner,
});
const CAUSES = Object.keys(CLOSE_CAUSES);
const byRole = <Inner extends Node>(of: (role: "client" | "server") => Inner) =>
  group({ client: of("client"), server: of("server") });

function latency(title: string, of: string, absent: string, compared: { p50?: ComparedBy; p99?: ComparedBy } = {}) {
  return orNull(
    group({
      min: us([title, "min", "the least"]),
      mean: us([title, "mean", "the mean"]),
      p50: us([title, "p50", "half of them are at most this"], compared.p50),
      p90: us([title, "p90", "90 % are at most this"]),
      p99: us([title, "p99", "99 % are at most this"], compared.p99),
      p999: us([title, "p99.9", "99.9 % are at most this"]),
      max: us([title, "max", "the greatest"]),
    }),
    of,
    absent,
  );
}

const timeWaitFields = (title: string, created?: ComparedBy) => ({
  created: count([title, "created", "sockets that entered it: events"], created),
  peak: count([title, "peak", "sockets in it at once, at most"]),
  end: count([title, "end", "sockets in it when the load was over"]),
});
const timeWait = (role: "client" | "server") => group(timeWaitFields(`TIME_WAIT ${role}`));

const closes = (who: "client" | "server"): Leaf =>
  share(["Closed first", who, `connections that the ${who} closed first`], {
    ...OF_CONNECTIONS,
    better: "neither",
    says: `the ${who} closes {} of the connections first`,
  });

/** A host of the lab, or the address of one that is not in it; with a port where that is not the planned one. */
const HOST = "[A-Za-z0-9_.:-]+?";
const HOST_PORT = "[A-Za-z0-9_.:\\[\\]-]+?";
const LINK = "{from} → {to}";
const LINK_CREATED = { ...PER_REQUEST, perRequest: true } as const;

function linkFields() {
  const closed = (who: string, means: string): Leaf => share([LINK, `closed first, ${who}`, means]);
  return {
    port: count([LINK, "port", "of the listener: a name, not a count"]),
    opened: count([LINK, "opened", "connections that were made"]),
    perRequest: orNull(
      perRequest([LINK, "per request", "opened, for each request that the load sent"], {
        ...PER_REQUEST,
        says: "{from} opens {} connections per request to {to}",
      }),
      "connections for each request",
      "no request was sent",
    ),
    timeWait: group({
      from: group(
        timeWaitFields(`${LINK}, TIME_WAIT at {from}`, {
          ...LINK_CREATED,
          says: "{from} keeps {} TIME_WAIT per request towards {to}",
        }),
      ),
      to: orNull(
        group(
          timeWaitFields(`${LINK}, TIME_WAIT at {to}`, {
            ...LINK_CREATED,
            says: "{to} keeps {} TIME_WAIT per request of {from}",
          }),
        ),
        "at the end that accepted",
        "it is no host of the lab",
      ),
    }),
    closedFirst: orNull(
      group({
        from: closed("from", "connections that {from} closed first"),
        to: closed("to", "connections that {to} closed first"),
        reset: closed("reset", "connections that ended in a reset"),
      }),
      "the shares of the connections that ended",
      "no connection ended",
    ),
    ports: group({
      used: count([LINK, "local ports used", "at once, at most, between one pair of addresses"]),
      limit: orNull(
        count([LINK, "local ports", "that the range has, without reserved ones"]),
        "the range of local ports",
        "it was not read",
      ),
    }),
    exact: { kind: "flag", means: "every figure was counted; no: some were shared out by what tables of states tell" },
  } as const;
}

function afterUse(title: string, of: string) {
  const spread = (unit: typeof count, what: string, means: string) =>
    group({
      min: unit([`Ended: ${title}`, `${what}, least`, `${means}: the least`]),
      median: unit([`Ended: ${title}`, `${what}, median`, `${means}: the median`]),
      max: unit([`Ended: ${title}`, `${what}, most`, `${means}: the most`]),
    });
  return orNull(
    group({
      requests: spread(count, "requests", "requests that it had carried"),
      idleMs: spread(ms, "idle", "how long it had been idle"),
    }),
    of,
    "there were none",
  );
}

const INSTANT = { ...TIMING, step: "microsecond" } as const;

export const METRICS = {
  requests: group({
    sent: count(["Requests", "sent", "requests that the load sent"]),
    succeeded: count(["Requests", "succeeded", "with a whole response"]),
    failed: count(["Requests", "failed", "without one"]),
    perSec: perSec(["Requests", "per second", "succeeded, each second"], {
      ...TIMING,
      better: "higher",
      says: "answers {} requests per second",
    }),
  }),
  latencyUs: latency(
    "Latency",
    "the time from the request's start to the end of its response, connect included; with a pace from when it was due",
    "no request succeeded",
    {
      p50: { ...INSTANT, says: "half of the answers take more than {}" },
      p99: { ...OF_P99, step: "microsecond", says: "one answer in a hundred takes more than {}" },
    },
  ),
  uncorrectedLatencyUs: latency(
    "Uncorrected",
    "the same time from when the request was really sent",
    "the scenario sets no pace",
  ),
  pace: orNull(
    group({
      wantedPerSec: perSec(["Rate", "wanted", "requests asked for, each second"]),
      sentPerSec: perSec(["Rate", "sent", "requests sent, each second"]),
      unsent: count(["Rate", "unsent", "due before the end, never sent"]),
    }),
    "the rate at which requests were sent",
    "the scenario sets no pace",
  ),
  connectUs: latency("Connect", "the time of connect()", "the client cannot tell, or no connect() succeeded", {
    p50: { ...INSTANT, says: "half of the connects take more than {}" },
  }),
  firstByteUs: latency(
    "First byte",
    "the time from the request's handing over to the kernel to the first byte of its response",
    "the client cannot tell",
  ),
  connections: group({
    opened: count(["Connections", "opened", "opened by the client"]),
    failed: orNull(
      count(["Connections", "failed", "that could not be opened"]),
      "connections that the client could not open",
      "the result is of a version that did not tell",
    ),
    perSec: perSec(["Connections", "per second", "the same, each second"]),
    requestsPer: figure("perConnection")(["Requests per connection", "", "succeeded, for each connection opened"]),
  }),
  timeWait: orNull(
    byRole(timeWait),
    "sockets in TIME_WAIT, at each side of the load's connections",
    "the machine has no /proc/net (macOS)",
  ),
  closedFirst: orNull(
    group({
      client: closes("client"),
      server: closes("server"),
      reset: share(["Closed first", "reset", "connections that ended in a reset"], {
        ...OF_CONNECTIONS,
        says: "{} of the connections end in a reset",
      }),
    }),
    "the shares of the connections that ended",
    "no connection ended",
  ),
  errors: family(
    "kind",
    "[A-Za-z][A-Za-z0-9_-]*",
    count(["Failed", "", "requests that failed with it"], {
      ...STRUCTURAL,
      perRequest: true,
      says: "fails with {kind} {} times per request",
    }),
  ),
  closeCauses: orNull(
    {
      ...family("cause", CAUSES.join("|"), count(["Ended", "", "connections of the load that ended for it"])),
      closed: CAUSES,
    },
    "why connections ended, as far as the client knows, each connection once",
    "the client cannot tell",
  ),
  closedAfter: orNull(
    group({
      answer: afterUse("answer", "connections whose end an answer announced"),
      idle: afterUse("idle", "connections that the server closed with no request on them"),
      "client-idle": afterUse("client-idle", "connections that the client's library closed with no request on them"),
      stale: afterUse("stale", "connections on which a request went stale, when it was sent"),
    }),
    "what connections had carried, and how long they had been idle",
    "the client cannot tell",
  ),
  stale: orNull(
    count(["Stale", "", "requests that failed unanswered, because the server had just ended their kept connection"]),
    "requests that met the end of a kept connection",
    "the client cannot tell",
  ),
  repeated: orNull(
    count(["Repeated", "", "requests that the client's library sent once more by itself"]),
    "repeats, each counted as sent, and what it repeats as failed",
    "the client cannot tell",
  ),
  cpu: byRole((role) =>
    orNull(
      group({
        userMs: ms(["CPU", `${role} user`, "CPU time in user mode"]),
        systemMs: ms(["CPU", `${role} system`, "CPU time in the kernel"]),
        waitMs: orNull(
          ms(["CPU", `${role} waited`, "time in which threads were ready to run and no processor was free"]),
          `how long the ${role}'s threads waited for a processor; those that have ended are left out at the server`,
          "the kernel keeps no schedstats, or the result is of a version that did not tell",
        ),
      }),
      `the CPU time of the ${role}'s processes`,
      "they cannot be read",
    ),
  ),
  links: orNull(
    family("from", HOST, family("to", HOST_PORT, group(linkFields()))),
    "one host's connections to one listening port, the load's own first",
    "no table of states can be read",
  ),
  hosts: orNull(
    family(
      "host",
      HOST,
      group({
        timeWait: group(timeWaitFields("TIME_WAIT of {host}")),
        opened: count(["Connections of {host}", "opened", "it made, over all of its links"]),
        accepted: count(["Connections of {host}", "accepted", "it accepted, over all of its links"]),
      }),
    ),
    "what the kernel of each host counted over all of its links",
    "strangers share its counters, or the document is of version 1",
  ),
} as const satisfies Record<string, Node>;

/** The figures of a trial, or their medians. */
export type Metrics = ValueOf<Group<typeof METRICS>>;

export type Links = NonNullable<Metrics["links"]>;
export type HostTotals = NonNullable<Metrics["hosts"]>[string];
export type TimeWaitFigures = NonNullable<Metrics["timeWait"]>["client"];
export type CpuTimes = NonNullable<Metrics["cpu"]["client"]>;

/** A figure that is not in the document, and follows from those that are. null where it cannot be told. */
export interface Computed extends Leaf {
  of(metrics: Metrics): number | null;
}

const ROLES = ["client", "server"] as const;

export const COMPUTED: Readonly<Record<string, Computed>> = {
  "connections.perRequest": {
    ...perRequest(["Connections", "per request", "opened, for each request sent"], {
      ...PER_REQUEST,
      says: "opens {} connections per request",
    }),
    of: (metrics) => forEach(metrics, metrics.connections.opened),
  },
  ...Object.fromEntries(
    ROLES.flatMap((role): [string, Computed][] => [
      [
        `timeWait.${role}.createdPerRequest`,
        {
          ...perRequest([`TIME_WAIT ${role}`, "per request", "created, for each request sent"], {
            ...PER_REQUEST,
            says: `leaves {} TIME_WAIT per request on the ${role}`,
          }),
          of: (metrics) => forEach(metrics, metrics.timeWait?.[role].created),
        },
      ],
    ]),
  ),
  ...Object.fromEntries(
    ROLES.flatMap((role): [string, Computed][] => [
      [
        `cpu.${role}.usPerRequest`,
        {
          ...us(["CPU", `${role} per request`, "CPU time for each request sent"], {
            ...TIMING,
            step: "tick",
            says: `the ${role} needs {} of CPU per request`,
          }),
          of: (metrics) => forEach(metrics, cpuMs(metrics, role), 1000),
        },
      ],
      [
        `cpu.${role}.waitShare`,
        {
          ...share(["CPU", `${role} waited`, "of the time in which it could run, what it waited for a processor"]),
          of: ({ cpu }) => waitShareOf(cpu[role]),
        },
      ],
      [
        `cpu.${role}.totalMs`,
        {
          ...ms(["CPU", role, "CPU time, user and kernel"]),
          of: (metrics) => cpuMs(metrics, role),
        },
      ],
    ]),
  ),
};

/** Of the time in which it could have run: in the rest it ran. */
export function waitShareOf(times: CpuTimes | null): number | null {
  if (times === null) return null;
  const { userMs, systemMs, waitMs } = times;
  const couldMs = userMs + systemMs + (waitMs ?? 0);
  return waitMs === null || couldMs === 0 ? null : waitMs / couldMs;
}

function cpuMs({ cpu }: Metrics, role: "client" | "server"): number | null {
  const times = cpu[role];
  return times === null ? null : times.userMs + times.systemMs;
}

function forEach({ requests }: Metrics, value: number | null | undefined, factor = 1): number | null {
  return value === null || value === undefined || requests.sent === 0 ? null : (value * factor) / requests.sent;
}
