import { CLOSE_CAUSES } from "./close-causes.js";
import { linkFields } from "./link.js";
import type { ComparedBy, Group, Leaf, Node, ValueOf } from "./types.js";
import {
  byRole,
  count,
  family,
  leafIn,
  group,
  ms,
  OF_CONNECTIONS,
  OF_P99,
  orNull,
  perSec,
  shareLeaf,
  STRUCTURAL,
  timeWaitFields,
  TIMING,
  us,
} from "./vocabulary.js";

/**
 * Every figure of a trial, each told once. The names and their places are the contract of a result. Whoever adds a figure
 * adds it here and where it is measured (`result/trial.ts`); the compiler and the tests of this room name what is left.
 */

/** Whatever goes beyond base by less than this for each request is no pattern. */
export const LEAST_PER_REQUEST = 0.001;

const CAUSES = Object.keys(CLOSE_CAUSES);

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

const timeWait = (role: "client" | "server") => group(timeWaitFields(`TIME_WAIT ${role}`));

const closes = (who: "client" | "server"): Leaf =>
  shareLeaf(["Closed first", who, `connections that the ${who} closed first`], {
    ...OF_CONNECTIONS,
    better: "neither",
    says: `the ${who} closes {} of the connections first`,
  });

/** A host of the lab, or the address of one that is not in it; with a port where that is not the planned one. */
const HOST = "[A-Za-z0-9_.:-]+?";
const HOST_PORT = "[A-Za-z0-9_.:\\[\\]-]+?";

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

/** What only a client of ours knows of its requests. */
function ofOwnClient<Of extends Leaf>(leaf: Of) {
  return orNull(leaf, leaf.means, "the client is a program, whose requests nobody sees but itself and the server");
}

const INSTANT = { ...TIMING, step: "microsecond" } as const;

export const METRICS = {
  requests: group({
    sent: ofOwnClient(count(["Requests", "sent", "requests that the load sent"])),
    succeeded: ofOwnClient(count(["Requests", "succeeded", "with a whole response"])),
    failed: ofOwnClient(count(["Requests", "failed", "without one"])),
    perSec: ofOwnClient(
      perSec(["Requests", "per second", "succeeded, each second"], {
        ...TIMING,
        better: "higher",
        says: "answers {} requests per second",
      }),
    ),
    served: orNull(
      count(["Requests", "at the server", "that the server counted over the load"]),
      "what the server itself counted",
      "the server does not count",
    ),
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
  handshakeUs: latency(
    "TLS handshake",
    "the time from the end of connect() until the connection is secured",
    "the load is plain HTTP, or the client cannot tell",
    { p50: { ...INSTANT, says: "half of the TLS handshakes take more than {}" } },
  ),
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
    requestsPer: orNull(
      leafIn("perConnection")(["Requests per connection", "", "succeeded, for each connection opened"]),
      "requests that succeeded, for each connection opened",
      "nobody counts the requests: neither the client nor the server",
    ),
  }),
  timeWait: orNull(
    group({
      client: timeWait("client"),
      server: orNull(
        timeWait("server"),
        "sockets in TIME_WAIT at the server",
        "the result is of what was watched, and nobody watched the server",
      ),
    }),
    "sockets in TIME_WAIT, at each side of the load's connections",
    "the machine has no /proc/net (macOS)",
  ),
  closedFirst: orNull(
    group({
      client: closes("client"),
      server: closes("server"),
      reset: shareLeaf(["Closed first", "reset", "connections that ended in a reset"], {
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
  statuses: orNull(
    {
      ...family("status", "[1-5](?:[0-9][0-9]|xx)", count(["Answers", "{status}", "answers with this status"])),
      classOf: (status) => `${status.slice(0, 1)}xx`,
    },
    "answers by their status, whatever it means to the load; `statuses.4xx` names all of a class",
    "the client cannot tell, or the result is of a version that did not",
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
