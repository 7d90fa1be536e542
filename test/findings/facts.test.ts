import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findingsOf } from "../../src/findings/findings.js";
import { paragraphs, paragraphText } from "../../src/report/judgements.js";
import type { Environment, HostTimeline, RunResult, Trial } from "../../src/result/types.js";
import type { Links } from "../../src/metrics/table.js";
import type { LinkPlan, LoadPlan, Variant } from "../../src/scenario/types.js";
import type { Phase } from "../../src/scenario/phases/types.js";
import {
  closeTrial,
  hostTimeline,
  keepAliveTrial,
  keepAliveVariant,
  measured,
  result,
  trial,
  variantOf,
} from "../report/fixture.js";

type Link = Links[string][string];

function sentences(of: Trial, plan: Variant = variantOf("close"), environment: Partial<Environment> = {}): string {
  return told(result([[plan, measured(of)]]), environment);
}

/** The facts of a run, as a report writes them. */
function told(whole: RunResult, environment: Partial<Environment> = {}): string {
  const run = { ...whole, environment: { ...whole.environment, ...environment } };
  return paragraphs({ ...run, findings: findingsOf(run) })
    .map(paragraphText)
    .join(" ");
}

const held = (created: number, peak = created): { created: number; peak: number; end: number } => ({
  created,
  peak,
  end: peak,
});
const NONE = held(0);
const byServer = (created: number, peak = created) => ({
  client: NONE,
  server: held(created, peak),
});
const byClient = (created: number, peak = created) => ({
  client: held(created, peak),
  server: NONE,
});
const clientCloses = { client: 1, server: 0, reset: 0 };
const askedToClose = variantOf("close", { closer: "client" });

/** The fixture's trial with another kernel on each side. */
function withKernel(
  of: Trial,
  change: { counters?: Record<string, number>; sysctls?: Record<string, string>; ports?: number },
): Trial {
  const side = (role: "client" | "server"): Trial["kernel"]["client"] => {
    const reading = of.kernel[role]!;
    const localPorts = { low: 40_000, high: 40_000 + (change.ports ?? 28_232) - 1 };
    const sysctls = { ...reading.sysctls, ...change.sysctls };
    return { counters: change.counters ?? reading.counters, sysctls, localPorts };
  };
  return { ...of, kernel: { client: side("client"), server: side("server") } };
}

describe("closer-cause", () => {
  it("is that each request asked for it", () => {
    expect(sentences(closeTrial())).toContain(
      "The server holds TIME_WAIT: it sent the first FIN on every connection. Each request said Connection: close.",
    );
  });

  it.each([
    [
      { drain: false, idleConnections: null },
      "The client closed the bodies of responses without having read them, and with them the connections.",
    ],
    [{ drain: true, idleConnections: 2 }, "The client closed because it keeps no more than 2 idle connections."],
    [{ drain: true, idleConnections: null }, "Why the client closed first cannot be told from what was measured."],
  ])("is a Go client, by how it treats its connections: %o", (go, why) => {
    const of = trial({ perSec: 100, timeWait: byClient(1000), closedFirst: clientCloses });
    const keepAlive = { connection: "keep-alive", closer: "client", requestsPerConnection: null } as const;
    expect(sentences(of, variantOf("keep-alive", { client: "go", ...keepAlive, go }))).toContain(
      `The client holds TIME_WAIT: it sent the first FIN on every connection. ${why}`,
    );
  });

  it("is the client that gave requests up: not what the scenario asks", () => {
    const of = {
      ...trial({ perSec: 10, timeWait: byClient(100), closedFirst: clientCloses }),
      errors: { ETIMEDOUT: 90 },
    };
    const said = sentences(of, askedToClose);
    expect(said).toContain("90 requests timed out (ETIMEDOUT), and the client closes their connections.");
    expect(said).not.toContain("as the scenario asks");
  });

  it("is the client, if the scenario asks for that", () => {
    const of = trial({ perSec: 100, timeWait: byClient(1000), closedFirst: clientCloses });
    expect(sentences(of, askedToClose)).toContain(
      "The client holds TIME_WAIT: it sent the first FIN on every connection. The scenario asks the client to close.",
    );
  });

  it("is the client although it was the server's turn: nothing is passed over", () => {
    const of = trial({ perSec: 100, timeWait: byClient(990), closedFirst: { client: 0.99, server: 0.01, reset: 0 } });
    expect(sentences(of)).toContain(
      "The client holds TIME_WAIT: it sent the first FIN on 99 % of the connections. The scenario leaves closing to the server, and yet the client closed.",
    );
  });
});

describe("holder", () => {
  it("gives figures instead of a reason when it is not known who closed", () => {
    expect(sentences(trial({ timeWait: byServer(1000), closedFirst: null }))).toContain(
      "The server holds TIME_WAIT: 1,000 sockets entered it there, 0 on the client.",
    );
  });

  it("names no reason for a holder that did not close first", () => {
    const of = trial({ timeWait: byServer(1000), closedFirst: { client: 0.9, server: 0.1, reset: 0 } });
    expect(sentences(of)).not.toContain("first FIN");
  });

  it("is both sides, with their shares", () => {
    const timeWait = { client: held(3000), server: held(5000) };
    const of = trial({ perSec: 800, timeWait, closedFirst: { client: 0.37, server: 0.62, reset: 0.01 } });
    expect(sentences(of)).toContain(
      "Both sides hold TIME_WAIT (5,000 sockets entered it on the server, 3,000 on the client), for sometimes the one and sometimes the other sent the first FIN: the server on 62 % of the connections, the client on 37 %.",
    );
  });

  it("is hardly anyone where connections were used again", () => {
    expect(sentences(keepAliveTrial(), keepAliveVariant())).toBe(
      "Only 50 sockets on the client entered TIME_WAIT for 219,500 requests: 50 connections carried 4,390 each.",
    );
  });

  it("is hardly anyone where resets ended the connections, which is no merit of keep-alive", () => {
    const of = trial({ timeWait: byServer(1), closedFirst: { client: 0, server: 0.0004, reset: 0.9996 } });
    const text = sentences(of);
    expect(text).toContain(
      ">99.9 % of the connections ended in a reset (RST), which leaves no TIME_WAIT: of 84,120 connections 1 left one.",
    );
    expect(text).not.toContain("holds TIME_WAIT");
  });

  it("is nobody when no socket entered it", () => {
    expect(sentences(trial({ closedFirst: null }))).toContain(
      "No socket entered TIME_WAIT; 84,120 connections opened.",
    );
  });
});

describe("cap", () => {
  it("is every second port of the client", () => {
    expect(sentences(closeTrial())).toContain(
      "The client's ports cap TIME_WAIT: its peak of 14,116 is half of the 28,232 local ports (32768–60999); one client address leaves at most one a port, and connect() takes every second one first.",
    );
  });

  it("is all of the client's ports", () => {
    expect(sentences(closeTrial({ timeWait: byServer(84_120, 28_232) }))).toContain(
      "The client's ports cap TIME_WAIT: its peak of 28,232 is all of the 28,232 local ports (32768–60999); one client address leaves at most one a port.",
    );
  });

  it("is the range of ports that the client really has", () => {
    const of = withKernel(closeTrial({ timeWait: byServer(3000, 98) }), { ports: 100 });
    expect(sentences(of)).toContain("its peak of 98 is about all of the 100 local ports (40000–40099);");
  });

  it("is told by a finding of its own where sockets went without TIME_WAIT", () => {
    const kernel = {
      counters: { "TcpExt:TCPTimeWaitOverflow": 79_120 },
      sysctls: { "net.ipv4.tcp_max_tw_buckets": "5000" },
    };
    expect(sentences(withKernel(closeTrial({ timeWait: byServer(5000) }), kernel))).not.toMatch(/cap/u);
    const none = withKernel(trial({ closedFirst: { client: 0, server: 1, reset: 0 } }), kernel);
    expect(sentences(none)).toContain(
      "No socket entered TIME_WAIT, although the server sent the first FIN on every connection.",
    );
  });

  it("is next to a limit that refused none", () => {
    const of = withKernel(closeTrial({ timeWait: byServer(5100, 5000) }), {
      sysctls: { "net.ipv4.tcp_max_tw_buckets": "5000" },
    });
    expect(sentences(of)).toContain(
      "On the server TIME_WAIT peaked at 5,000, next to the limit net.ipv4.tcp_max_tw_buckets = 5,000.",
    );
  });

  it("is nothing yet, and would be 60 s × rate", () => {
    expect(sentences(trial({ perSec: 20, timeWait: byServer(200) }))).toContain(
      "Nothing capped it in 10 s: it would level off at 60 s × 20 a second = 1,200.",
    );
    const client = trial({ perSec: 200, timeWait: byClient(2000), closedFirst: clientCloses });
    expect(sentences(client, askedToClose)).toContain("it would level off at 60 s × 200 a second = 12,000.");
  });

  // Measured, over more than a minute: 8,578 of 28,232 ports at 200 a second, 308 of 1,000 at 7 a second.
  it.each([
    [200, 28_232, "8,100"],
    [7, 1000, "280"],
  ])("is less than 60 s × rate where the client's ports come round: %i a second, %i ports", (perSec, ports, about) => {
    const of = withKernel(trial({ perSec, timeWait: byServer(perSec * 10) }), { ports });
    expect(sentences(of)).toContain(
      `it would level off at about ${about} (60 s × ${perSec} a second, for the client's ports come round and open sockets in TIME_WAIT again).`,
    );
  });

  it("is of a rate that changes what it comes to at its end", () => {
    const stages = [{ durationMs: 10_000, fromPerSec: 10, toPerSec: 400 }];
    const ramp = variantOf("close", { pace: { arrivals: "constant", stages, seed: 1 } });
    const of = trial({ perSec: 205, timeWait: byServer(2050) });
    const said = sentences(of, ramp);
    expect(said).toContain("it would level off at about 12,000 (60 s × 400 a second at the ramp's end, for");
    expect(said).toContain("At 400 connections a second (the ramp's end) the client never runs out");
    const unkept = { wantedPerSec: 205, sentPerSec: 100, unsent: 900 };
    expect(sentences({ ...of, pace: unkept }, ramp)).not.toMatch(/level off|runs out/u);
  });

  it("is nothing yet, and would be the client's ports", () => {
    expect(sentences(trial({ perSec: 1000, timeWait: byServer(10_000) }))).toContain(
      "Nothing capped it in 10 s: the client's 28,232 local ports, or half of them, would cap it before 60 s are over.",
    );
    const client = trial({ perSec: 1000, timeWait: byClient(10_000), closedFirst: clientCloses });
    expect(sentences(client, askedToClose)).toContain("the client's 28,232 local ports would cap it");
  });

  it("is nothing yet, and would be the bucket limit", () => {
    const of = withKernel(trial({ perSec: 200, timeWait: byServer(2000) }), {
      sysctls: { "net.ipv4.tcp_max_tw_buckets": "4096" },
    });
    expect(sentences(of)).toContain("net.ipv4.tcp_max_tw_buckets = 4,096 would cap it before 60 s are over.");
  });

  it("is 60 s × rate in a run that was long enough to see it", () => {
    const of = trial({ perSec: 100, seconds: 120, timeWait: byServer(12_000, 6010) });
    expect(sentences(of)).toContain("TIME_WAIT on the server levelled off at 6,010: 60 s × 100 created a second.");
  });

  it("is no limit where a population stays below all of them", () => {
    const text = sentences(trial({ timeWait: byServer(20_000, 9000) }));
    expect(text).toContain(
      "Of 20,000 sockets that entered TIME_WAIT on the server, at most 9,000 were there at once: new connections from the same ports, of which the client has 28,232, opened the others again.",
    );
    expect(text).not.toContain("cap");
  });

  it("is told with what tcp_tw_reuse gave back", () => {
    const of = trial({
      timeWait: byClient(50_000, 9000),
      closedFirst: clientCloses,
      counters: { "TcpExt:TWRecycled": 41_000 },
    });
    expect(sentences(of, askedToClose)).toContain("at once: new connections took over 41,000 (TWRecycled).");
  });
});

describe("forecast", () => {
  it("is told for the case that it would close first", () => {
    expect(sentences(closeTrial())).toContain(
      "If the client closed first, its 28,232 ports would last 3.4 s at 8,412 connections a second; up to 470 a second they last for ever, for each is free again after 60 s.",
    );
  });

  it("is told as it is when the client does close first", () => {
    const of = trial({ perSec: 1000, timeWait: byClient(10_000), closedFirst: clientCloses });
    expect(sentences(of, askedToClose)).toContain("The client's 28,232 ports last 28 s at 1,000 TIME_WAIT a second;");
  });

  it.each([
    [470, true],
    [471, false],
  ])("at %i connections a second is for ever: %s", (perSec, endless) => {
    expect(sentences(trial({ perSec, timeWait: byServer(perSec * 10) })).includes("never runs out")).toBe(endless);
  });

  it("is by the TIME_WAIT that hold them: what ends in a reset gives its port back at once", () => {
    const of = trial({
      perSec: 450,
      timeWait: byClient(10),
      closedFirst: { client: 0.002, server: 0, reset: 0.998 },
    });
    expect(sentences(withKernel(of, { ports: 100 }), askedToClose)).toContain(
      "At 1 TIME_WAIT a second the client never runs out of its 100 ports.",
    );
  });

  it("is for ever at a part of one a second where there are fewer than sixty", () => {
    const of = trial({ perSec: 10, timeWait: byClient(20, 20), closedFirst: clientCloses });
    expect(sentences(withKernel(of, { ports: 30 }), askedToClose)).toContain("up to 0.5 a second they last for ever");
  });

  it("counts the ports of each pair of addresses, and says so", () => {
    const of = withKernel({ ...trial({ timeWait: byServer(900, 450) }), addressPairs: 3 }, { ports: 300 });
    expect(sentences(of)).toContain("half of the 900 local ports (40000–40299, 300 × 3 pairs of addresses)");
  });

  it("is over when connects failed for want of a port", () => {
    const errors = { EADDRNOTAVAIL: 51_230 };
    const of = trial({ timeWait: byClient(28_232), closedFirst: clientCloses, errors });
    const text = sentences(of, askedToClose);
    expect(text).toContain(
      "its peak of 28,232 is all of the 28,232 local ports (32768–60999); each socket in it holds one.",
    );
    expect(text).toContain(
      "Of the client's 28,232 ports each is free again after 60 s: they last for ever up to 470 TIME_WAIT a second.",
    );
  });

  it("says that tcp_tw_reuse makes them last longer, where it works", () => {
    const of = withKernel(closeTrial(), { sysctls: { "net.ipv4.tcp_tw_reuse": "1" } });
    expect(sentences(of)).toContain("would last 3.4 s without tcp_tw_reuse = 1 at");
    const loopbackOnly = withKernel(closeTrial(), { sysctls: { "net.ipv4.tcp_tw_reuse": "2" } });
    expect(sentences(loopbackOnly)).not.toContain("tcp_tw_reuse");
    const plan = variantOf("close");
    const onLoopback: Variant = { ...plan, lab: { ...plan.lab, topology: "loopback" } };
    expect(sentences(loopbackOnly, onLoopback)).toContain("without tcp_tw_reuse = 2");
    // Without isolation a run goes over loopback, whatever its scenario asks for.
    expect(sentences(loopbackOnly, plan, { isolation: "none" })).toContain("without tcp_tw_reuse = 2");
  });
});

describe("nothing-measured", () => {
  it("without a trial", () => {
    const none = { trials: [], median: null, figures: {} };
    expect(told(result([[variantOf("close"), none]]))).toBe("Nothing was measured.");
  });

  it("without a request", () => {
    expect(sentences(trial({ perSec: 0 }))).toBe("No request was sent, so there is nothing to explain.");
  });

  it("without a single success", () => {
    const of = trial({ perSec: 0, closedFirst: null, errors: { ECONNREFUSED: 900, ETIMEDOUT: 1 } });
    const nothingOpened = { ...of, connections: { opened: 0, failed: 0, perSec: 0, requestsPer: 0 } };
    expect(sentences(nothingOpened)).toBe("");
    expect(findingsOf(result([[variantOf("close"), measured(nothingOpened)]]))).toMatchObject([
      { code: "requests-failed", text: "901 of 901 requests failed: 900 with ECONNREFUSED, 1 with ETIMEDOUT" },
    ]);
  });

  it("without /proc/net", () => {
    const of = trial({ closedFirst: null, change: { timeWait: null, kernel: { client: null, server: null } } });
    expect(sentences(of)).toBe("TIME_WAIT could not be read on this machine.");
  });

  it("without a duration", () => {
    const of = trial({ timeWait: byServer(10), change: { durationMs: 0 } });
    expect(sentences(of)).not.toMatch(/Infinity|NaN/u);
  });

  it("whatever the figures are: no sentence has a figure that is none", () => {
    const figures = fc.record({ created: fc.nat(200_000), peak: fc.nat(200_000), end: fc.nat(200_000) });
    const part = fc.constantFrom(0, 0.01, 0.4, 0.6, 0.99, 1);
    const trials = fc.record({
      seconds: fc.constantFrom(0.05, 10, 90),
      perSec: fc.constantFrom(0, 0.5, 300, 9000),
      requestsPer: fc.constantFrom(0.5, 1, 2, 5000),
      timeWait: fc.record({ client: figures, server: figures }),
      closedFirst: fc.option(fc.record({ client: part, server: part, reset: part })),
      errors: fc.constantFrom({}, { EADDRNOTAVAIL: 5 }, { EADDRINUSE: 1, ETIMEDOUT: 2 }),
      counters: fc.constantFrom({}, { "TcpExt:TCPTimeWaitOverflow": 7 }, { "TcpExt:TWRecycled": 9 }),
    });
    fc.assert(
      fc.property(trials, fc.constantFrom(null, 1, 100, 28_232), fc.boolean(), (options, ports, clientShould) => {
        const of = trial({ ...options, recorded: 1 });
        const known = ports === null ? { ...of, kernel: { client: null, server: null } } : withKernel(of, { ports });
        const text = sentences(known, clientShould ? askedToClose : variantOf("close"));
        expect(text).not.toMatch(/NaN|Infinity|undefined|null|–(?! ?\d)/u);
        expect(text).toMatch(/^(?:[A-Z>0-9].*\.)?$/u);
      }),
    );
  });
});

const isolated = { isolation: "namespace" } as const;

function planned(lab: Partial<Variant["lab"]>, load: Partial<LoadPlan> = {}): Variant {
  const variant = variantOf("close", load);
  return { ...variant, lab: { ...variant.lab, ...lab } };
}

describe("a NAT", () => {
  it("has ports that cap what the server can hold", () => {
    const nat = { clients: ["client"], ports: { low: 40_000, high: 40_099 } };
    const said = sentences(closeTrial(), planned({ topology: "nat", nat }), isolated);
    expect(said).toContain("The server holds TIME_WAIT");
    expect(said).toContain("100 ports (40000–40099)");
    expect(said).not.toContain("The client's ports cap");
    expect(said).not.toContain("netfilter");
  });
});

describe("a proxy", () => {
  const proxy = { kind: "nginx", upstream: "close", connections: 16, port: 8080, readyTimeoutMs: 1 } as const;
  const behind = planned({ topology: "proxy", proxy }, { connection: "keep-alive", requestsPerConnection: null });
  const ends = (created: number): { created: number; peak: number; end: number } => held(created);
  const link = (change: Partial<Link>): Link => ({
    port: 8080,
    opened: 50,
    perRequest: 0.05,
    timeWait: { from: ends(50), to: ends(0) },
    closedFirst: { from: 1, to: 0, reset: 0 },
    ports: { used: 50, limit: 28_232 },
    exact: true,
    ...change,
  });
  const through = (upstream: Partial<Link>): Trial => ({
    ...trial({ perSec: 100, requestsPer: 20, timeWait: byClient(50), closedFirst: clientCloses }),
    links: { client: { proxy: link({}) }, proxy: { server: link(upstream) } },
    otherKernels: {
      proxy: {
        counters: {},
        sysctls: { "net.ipv4.tcp_max_tw_buckets": "4096", "net.ipv4.tcp_tw_reuse": "0" },
        localPorts: { low: 40_000, high: 49_999 },
      },
    },
  });

  it("has a link of its own to the server, with who holds TIME_WAIT there", () => {
    const said = sentences(through({ opened: 16, timeWait: { from: ends(0), to: ends(0) } }), behind);
    expect(said).toContain("Only 50 sockets on the client entered TIME_WAIT for 1,000 requests");
    expect(said).toContain(
      "No socket between the proxy and the server entered TIME_WAIT for 1,000 requests: 16 connections carried 62.5 each.",
    );
  });

  it("has limits of its own: its buckets, and 60 s × its rate", () => {
    const churning = { opened: 1000, perRequest: 1, timeWait: { from: ends(1000), to: ends(0) } };
    expect(sentences(through(churning), behind)).toContain(
      "Nothing capped TIME_WAIT on the proxy towards the server in 10 s: net.ipv4.tcp_max_tw_buckets = 4,096 would cap it before 60 s are over.",
    );
    const slow = { opened: 600, perRequest: 0.6, timeWait: { from: ends(600), to: ends(0) } };
    const said = sentences(through(slow), behind);
    expect(said).toContain("it would level off at 60 s × 60 a second = 3,600.");
    expect(said).toContain("At 60 TIME_WAIT a second the proxy never runs out of its 10,000 ports.");
  });

  it("without links is told by what it held", () => {
    const others = { proxy: hostTimeline(10, (s) => 7 * s, 0) };
    const said = sentences(withOthers(others), behind, isolated);
    expect(said).toBe("Beside them TIME_WAIT peaked at 70 on the proxy.");
  });
});

const withOthers = (others: Record<string, HostTimeline>, sysctls: Record<string, string> = {}): Trial => {
  const of = closeTrial();
  const kernel = { counters: {}, sysctls, localPorts: null };
  const otherKernels = Object.fromEntries(Object.keys(others).map((name) => [name, kernel]));
  return { ...of, timeline: { ...of.timeline, others }, otherKernels };
};
const withTable = (columns: Partial<HostTimeline["table"]>): HostTimeline => {
  const host = hostTimeline(10, () => 0, 0);
  return { ...host, table: { ...host.table, ...columns } };
};

describe("tracked", () => {
  it("is a NAT that was sampled: what it tracks, and for how long", () => {
    const nat = planned({ topology: "nat", nat: { clients: ["client"], ports: null } });
    const sysctls = { "net.netfilter.nf_conntrack_tcp_timeout_time_wait": "120" };
    const tracking = { conntrack: [0, 1_500, 1_400], conntrackTimeWait: [0, null, 1_300] };
    expect(sentences(withOthers({ nat: withTable(tracking) }, sysctls), nat, isolated)).toContain(
      "On nat netfilter tracked at most 1,500 connections at once, at most 1,300 in TIME_WAIT, where an entry stays for 120 s",
    );
    const warmed = { atMs: [-20, 1_000], conntrack: [400, 900], conntrackTimeWait: [400, 900] };
    expect(sentences(withOthers({ nat: withTable(warmed) }), nat, isolated)).toContain(
      "at most 900 connections at once (400 of them from before the load), at most 900 in TIME_WAIT.",
    );
    const blind = { conntrack: [1], conntrackTimeWait: [null] };
    expect(sentences(withOthers({ nat: withTable(blind) }), nat, isolated)).toContain(
      "On nat netfilter tracked at most 1 connection at once.",
    );
  });
});

describe("beside", () => {
  it("is beside them: hosts with a TIME_WAIT of their own, but not those without", () => {
    const others = { third: hostTimeline(10, (s) => 7 * s, 0), fourth: hostTimeline(10, () => 0, 0) };
    const said = sentences(withOthers(others), planned({ topology: "hosts" }), isolated);
    expect(said).toContain("Beside them TIME_WAIT peaked at 70 on third.");
    expect(sentences(withOthers({ fourth: others.fourth }), planned({ topology: "hosts" }), isolated)).not.toContain(
      "Beside",
    );
  });
});

describe("cable", () => {
  const far = { delayMs: 10, jitterMs: 0, loss: 0.01, duplicate: 0, reorder: 0, bitsPerSec: null };
  const there = { from: "client", to: "server", ...far };
  const back = { from: "server", to: "client", ...far };
  const counted = { frames: 100, carried: 99, lost: 1, duplicated: 0, reordered: 0, missed: 3, overflowed: 0 };
  const late = { lateP50Us: 90, lateP99Us: 400 };
  const run = {
    ...closeTrial(),
    cables: {
      by: "forwarder" as const,
      directions: [there, back].map(({ from, to }) => Object.assign({ from, to }, counted, late)),
    },
  };
  const said = (links: readonly LinkPlan[], of: Trial): string[] =>
    findingsOf(result([[planned({ links: [...links] }), measured(of)]]))
      .filter(({ code }) => code === "cable")
      .map(({ text }) => text);

  it("is said of each pair of hosts once, where both directions do the same", () => {
    expect(said([there, back], run)).toEqual([
      "The cable between the client and the server was set to 10 ms delay each way (round trip 20 ms), 1 % loss. The forwarder of bench counted 200 frames: 2 lost; 6 more from these hosts were dropped before it could read them; half left less than 90 µs after they were due, 99 % less than 400 µs",
    ]);
    expect(said([there, { ...back, loss: 0 }], run)).toHaveLength(2);
  });

  it("is said as planned where nothing was counted, and not of plain cables", () => {
    expect(said([there], closeTrial())).toEqual([
      "The cable from the client to the server was set to 10 ms delay, 1 % loss",
    ]);
    expect(said([], run)).toEqual([]);
  });

  it("is said of what a step alone changes", () => {
    const change = { from: "client", to: "server", delayMs: 20 };
    const phases: Phase[] = [
      { name: "far", do: "link", on: "client", state: null, changes: [change, { ...change, loss: 1 }] },
    ];
    const found = findingsOf(result([[{ ...planned({ links: [] }), phases }, measured(run)]]));
    expect(found.filter(({ code }) => code === "cable").map(({ text }) => text)).toEqual([
      "The cable from the client to the server had at first no delay and no loss. The forwarder of bench counted 100 frames: 1 lost; 3 more from these hosts were dropped before it could read them; half left less than 90 µs after they were due, 99 % less than 400 µs",
    ]);
  });

  it("is said to have counted nothing, and not how late it was, where no frame came", () => {
    const nothing = { ...counted, frames: 0, carried: 0, lost: 0, missed: 0, lateP50Us: null, lateP99Us: null };
    const directions = [{ from: "client", to: "server", ...nothing }];
    expect(said([there], { ...run, cables: { by: "forwarder", directions } })).toEqual([
      "The cable from the client to the server was set to 10 ms delay, 1 % loss. The forwarder of bench counted no frames",
    ]);
  });
});

describe("loopback-hides", () => {
  const onLoopback = planned({ topology: "loopback" }, { closer: "client" });
  const clientHeld = trial({ perSec: 1000, timeWait: byClient(10_000), closedFirst: clientCloses });
  const found = (of: Trial, plan: Variant): unknown[] =>
    findingsOf(result([[plan, measured(of)]])).filter(({ code }) => code === "loopback-hides");

  it("is said where ports in TIME_WAIT were taken again, which two hosts would not do", () => {
    const kernel = { counters: { "TcpExt:TWRecycled": 41 }, sysctls: { "net.ipv4.tcp_tw_reuse": "2" } };
    expect(found(withKernel(clientHeld, kernel), onLoopback)).toMatchObject([
      {
        severity: "notice",
        figures: { ports: 28_232, recycled: 41 },
        text: "Over loopback tcp_tw_reuse = 2 lets a port in TIME_WAIT be taken again after a second, which happened 41 times: between two hosts each of the 28,232 ports stays taken for 60 s",
      },
    ]);
  });

  it("is not said between two hosts, with another setting, and where the server holds TIME_WAIT", () => {
    const kernel = { sysctls: { "net.ipv4.tcp_tw_reuse": "2" } };
    expect(found(withKernel(clientHeld, kernel), variantOf("close", { closer: "client" }))).toEqual([]);
    expect(found(clientHeld, onLoopback)).toEqual([]);
    expect(found(withKernel(closeTrial(), kernel), onLoopback)).toEqual([]);
  });
});
