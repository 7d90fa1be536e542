import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FINDING_CODES, type FindingCode } from "../../src/findings/codes.js";
import { completedFindings, findingsOf } from "../../src/findings/findings.js";
import { flattened } from "../../src/metrics/flat.js";
import { findingsAsMarkdown } from "../../src/findings/markdown.js";
import type { Finding } from "../../src/findings/types.js";
import type { Links } from "../../src/metrics/table.js";
import type { RunResult, Trial } from "../../src/result/types.js";
import type { Phase } from "../../src/scenario/phases/types.js";
import type { LoadPlan, Variant } from "../../src/scenario/types.js";
import { closeTrial, expectation, hostTimeline, measured, result, trial, variantOf } from "../report/fixture.js";

const NO_TIME_WAIT = { created: 0, peak: 0, end: 0 };

type Link = Links[string][string];

function link(change: Partial<Link> = {}): Link {
  return {
    port: 8080,
    opened: 20,
    perRequest: 0.003,
    timeWait: { from: NO_TIME_WAIT, to: NO_TIME_WAIT },
    closedFirst: null,
    ports: { used: 20, limit: 28_232 },
    exact: true,
    ...change,
  };
}

const OWN = { client: { server: link() } };

function run(trials: Trial[], load: Partial<LoadPlan> = {}, change: Partial<Variant> = {}): RunResult {
  return result([[{ ...variantOf("only", load), ...change }, measured(...trials)]]);
}

/** Of what is more than a fact. */
function codes(of: RunResult): FindingCode[] {
  return findingsOf(of)
    .filter(({ severity }) => severity !== "fact")
    .map(({ code }) => code);
}

function only<Code extends FindingCode>(code: Code, of: RunResult): Finding<Code> {
  const found = findingsOf(of).filter((one) => one.code === code);
  expect(found).toHaveLength(1);
  return found[0] as Finding<Code>;
}

test("of a run in which nothing failed nothing is said", () => {
  expect(codes(result())).toEqual([]);
  expect(codes(run([closeTrial({ change: { links: OWN } })]))).toEqual([]);
});

test("each code has a test here and its row in results/README.md", () => {
  const plain = (text: string): string => text.replaceAll(/[ -]+/gu, " ");
  const readme = readFileSync(new URL("../../results/README.md", import.meta.url), "utf8");
  expect(plain(readme)).toContain(plain(findingsAsMarkdown()));
  const folder = new URL(".", import.meta.url);
  const tests = readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join("");
  expect(FINDING_CODES.filter((code) => !tests.includes(`describe("${code}"`))).toEqual([]);
});

describe("requests-failed", () => {
  const failing = trial({ perSec: 100, seconds: 10, errors: { "HTTP 500": 620, ECONNRESET: 1 } });

  test("says how many of how many, and of what kinds", () => {
    expect(only("requests-failed", run([failing]))).toMatchObject({
      severity: "problem",
      variant: "only",
      step: null,
      figures: { failed: 621, sent: 1_621, kinds: { "HTTP 500": 620, ECONNRESET: 1 } },
      text: "621 of 1,621 requests failed: 620 with HTTP 500, 1 with ECONNRESET",
    });
  });

  test("of several trials it takes the one in the middle of those that failed, and says how many did", () => {
    const ofSize = (n: number): Trial => trial({ perSec: 100, errors: { ECONNRESET: n } });
    const found = only("requests-failed", run([ofSize(9), trial(), ofSize(1), ofSize(5)]));
    expect(found).toMatchObject({ figures: { failed: 5 }, trials: { found: 3, of: 4 } });
  });

  test("names the step whose load failed", () => {
    const figures = { "fill.requests.sent": 9_691, "fill.requests.failed": 7_669, "fill.errors.HTTP 502": 7_669 };
    const found = findingsOf(inSteps([loadStep("fill")], figures));
    expect(found).toMatchObject([{ code: "requests-failed", step: "fill" }]);
    expect(found[0]!.text).toBe("7,669 of 9,691 requests failed in fill: 7,669 with HTTP 502");
  });
});

describe("ports-exhausted", () => {
  const range = { low: 40_000, high: 40_999 };
  const ofHost = (change: Partial<Link>, failed: number, where = "server:6379"): Trial => {
    const one = trial({ perSec: 100, errors: failed === 0 ? {} : { "HTTP 500": failed } });
    const links: Links = { client: { server: link() }, server: { [where]: link(change) } };
    const kernel = { ...one.kernel, server: { ...one.kernel.server!, localPorts: range } };
    return { ...one, links, kernel };
  };

  test("a service's own connections hold all its ports: which host, which link, and what failed meanwhile", () => {
    const found = only("ports-exhausted", run([ofHost({ ports: { used: 1_000, limit: 1_000 } }, 6_208)]));
    expect(found).toMatchObject({
      severity: "problem",
      link: { from: "server", to: "server:6379" },
      figures: { used: 1_000, ports: 1_000, low: 40_000, high: 40_999, refused: {}, failed: 6_208, sent: 7_208 },
    });
    expect(found.text).toBe(
      "server held all 1,000 of its local ports (40000 to 40999) towards server:6379; meanwhile 6,208 of 7,208 requests failed",
    );
    expect(found.remedy).toContain("server");
  });

  test("is a notice where nothing failed, and begins at 99 %", () => {
    expect(only("ports-exhausted", run([ofHost({ ports: { used: 990, limit: 1_000 } }, 0)])).severity).toBe("notice");
    expect(codes(run([ofHost({ ports: { used: 989, limit: 1_000 } }, 0)]))).not.toContain("ports-exhausted");
    expect(codes(run([ofHost({ ports: { used: 5, limit: null } }, 0)]))).not.toContain("ports-exhausted");
  });

  test("a client without a free port", () => {
    const found = only(
      "ports-exhausted",
      run([{ ...trial({ perSec: 100, errors: { EADDRNOTAVAIL: 44 } }), links: OWN }]),
    );
    expect(found).toMatchObject({ severity: "problem", link: { from: "client", to: "server" } });
    expect(found.text).toBe(
      "client had none of its 28,232 local ports (32768 to 60999) free towards server; 44 of 1,044 requests failed for want of one: 44 with EADDRNOTAVAIL",
    );
  });

  test("is told of a document without links too", () => {
    expect(only("ports-exhausted", run([trial({ errors: { EADDRNOTAVAIL: 1 } })])).figures).toMatchObject({
      used: null,
      ports: 28_232,
    });
  });

  test("a NAT that tracks about as many connections as it has ports, while SYNs are sent again", () => {
    const behind = (tracked: number, again: number): RunResult => {
      const one = trial({ perSec: 100, counters: again === 0 ? {} : { "TcpExt:TCPSynRetrans": again } });
      const seen = hostTimeline(10, () => 0, 0);
      const others = { nat: { ...seen, table: { ...seen.table, conntrack: [0, tracked] } } };
      const nat = { clients: ["client"], ports: { low: 40_000, high: 40_099 } };
      const lab = { ...variantOf("only").lab, topology: "nat" as const, nat };
      return run([{ ...one, timeline: { ...one.timeline, others } }], {}, { lab });
    };
    expect(only("ports-exhausted", behind(95, 7))).toMatchObject({
      severity: "problem",
      link: { from: "nat", to: "server" },
      figures: { ports: 100, used: 95, synRetrans: 7 },
      text: "the NAT gave out 95 of its 100 ports (40000 to 40099), and drops a SYN for which none is free: clients sent 7 SYNs again, a second later or more; no request failed",
    });
    expect(codes(behind(89, 7))).toEqual([]);
    expect(codes(behind(100, 0))).toEqual([]);
  });

  test("a proxy that has used all its ports in a step", () => {
    const figures = {
      "fill.requests.sent": 9_691,
      "fill.requests.failed": 7_669,
      "fill.errors.HTTP 502": 7_669,
      "fill.links.client.proxy.ports.used": 20,
      "fill.links.client.proxy.ports.limit": 28_232,
      "fill.links.proxy.server.opened": 2_022,
      "fill.links.proxy.server.ports.used": 1_500,
      "fill.links.proxy.server.ports.limit": 1_500,
    };
    expect(only("ports-exhausted", inSteps([loadStep("fill")], figures))).toMatchObject({
      step: "fill",
      severity: "problem",
      link: { from: "proxy", to: "server" },
      figures: { used: 1_500, ports: 1_500, failed: 7_669, sent: 9_691 },
    });
  });
});

describe("ports-scarce", () => {
  const ofClient = (used: number): RunResult =>
    run([{ ...trial({ perSec: 100 }), links: { client: { server: link({ ports: { used, limit: 1_000 } }) } } }]);

  test("from 90 % on, until they are exhausted", () => {
    expect(only("ports-scarce", ofClient(900))).toMatchObject({
      severity: "notice",
      link: { from: "client", to: "server" },
      text: "client held 900 of its 1,000 local ports towards server: connect() searches longer for a free one",
    });
    expect(codes(ofClient(899))).toEqual([]);
    expect(codes(ofClient(990))).toEqual(["ports-exhausted"]);
  });
});

describe("conntrack-full", () => {
  const tracking = (tracked: number, room: string): RunResult => {
    const one = trial();
    const nat = hostTimeline(10, () => 0, 0);
    const others = { nat: { ...nat, table: { ...nat.table, conntrack: [0, tracked, 1] } } };
    const kernel = { counters: {}, sysctls: { "net.netfilter.nf_conntrack_max": room }, localPorts: null };
    return run([{ ...one, timeline: { ...one.timeline, others }, otherKernels: { nat: kernel } }]);
  };

  test("from nine tenths on, of any host", () => {
    const found = only("conntrack-full", tracking(900, "1000"));
    expect(found).toMatchObject({ severity: "notice", figures: { host: "nat", tracked: 900, room: 1000 } });
    expect(found.text).toContain("has room for 1,000 (nf_conntrack_max)");
    expect(codes(tracking(899, "1000"))).toEqual([]);
  });
});

describe("link-churns", () => {
  const onLink = (change: Partial<Link>, load: Partial<LoadPlan> = {}): RunResult => {
    const links: Links = {
      client: { server: link({ perRequest: 1, opened: 1_000 }) },
      server: { backend: link(change) },
    };
    return run([trial({ perSec: 100, change: { links } })], load);
  };
  const timeWait = { from: { created: 0, peak: 0, end: 0 }, to: { created: 990, peak: 990, end: 990 } };

  test("a link beyond the load's own that opens a connection for each request", () => {
    const found = only("link-churns", onLink({ opened: 990, perRequest: 0.99, timeWait }));
    expect(found).toMatchObject({ severity: "notice", link: { from: "server", to: "backend" } });
    expect(found.text).toBe(
      "server opened 990 connections to backend for 1,000 requests (0.99 for each); backend kept 990 in TIME_WAIT",
    );
  });

  test("says where the number is estimated", () => {
    expect(only("link-churns", onLink({ opened: 990, perRequest: 0.99, exact: false })).text).toContain("about 990");
  });

  test("is said of a load in a step, and not of loads that are made at the same time", () => {
    const links: Links = {
      client: { server: link({ opened: 50 }) },
      second: { server: link({ opened: 990, perRequest: 0.99 }) },
    };
    const flat = Object.entries(flattened(trial({ perSec: 100, change: { links } })));
    const figures = Object.fromEntries(
      ["one", "two"].flatMap((step) => flat.map(([name, value]) => [`${step}.${name}`, value])),
    );
    const inTurn = [loadStep("one"), loadStep("two")];
    const churning = (phases: Phase[]): unknown[] =>
      findingsOf(inSteps(phases, figures)).flatMap(({ code, step }) => (code === "link-churns" ? [step] : []));
    expect(churning(inTurn)).toEqual(["one", "two"]);
    expect(churning([{ name: "both", do: "in-turn", phases: inTurn }])).toEqual(["one", "two"]);
    expect(churning([{ name: "both", do: "together", phases: inTurn }])).toEqual([]);
    // One load at a time, whatever else is done meanwhile.
    expect(churning([{ name: "alone", do: "together", phases: [loadStep("one")] }, loadStep("two")])).toHaveLength(2);
  });

  test("is not said of the load's own link, of one that is reused, and of a pool that is opened once", () => {
    expect(codes(onLink({ opened: 20, perRequest: 0.02 }))).toEqual([]);
    expect(codes(onLink({ opened: 490, perRequest: 0.49 }))).toEqual([]);
    expect(codes(onLink({ opened: 50, perRequest: 0.5 }, { connections: 50 }))).toEqual([]);
  });
});

describe("command-failed", () => {
  const step = { name: "seed", do: "command", on: "server", timeoutMs: 5_000 } as Phase;
  const ended = (figures: Record<string, number | string | null>): RunResult =>
    inSteps([step], Object.fromEntries(Object.entries(figures).map(([name, value]) => [`seed.${name}`, value])));

  test("says how it ended, with its last lines", () => {
    const found = only("command-failed", ended({ exitCode: 3, signal: "none", timedOut: 0, output: "no table\nbye" }));
    expect(found).toMatchObject({ severity: "problem", step: "seed", figures: { host: "server", exitCode: 3 } });
    expect(found.text).toBe("the command seed on server exited with 3; it said: no table | bye");
  });

  test("that its time was over, or a signal", () => {
    const late = only("command-failed", ended({ exitCode: null, signal: "SIGKILL", timedOut: 1, output: "" }));
    expect(late.text).toBe("the command seed on server was killed, for it took longer than 5 s");
    expect(late.remedy).toContain("timeout");
    const killed = only("command-failed", ended({ exitCode: null, signal: "SIGSEGV", timedOut: 0, output: null }));
    expect(killed.text).toBe("the command seed on server was ended by SIGSEGV");
  });

  test("is no problem where the scenario asks how it ends", () => {
    const asked = ended({ exitCode: 3, signal: "none", timedOut: 0, output: "x" });
    asked.scenario.expect = [{ ...expectation("only.seed.exitCode == 3"), metric: "seed.exitCode" }];
    expect(only("command-failed", asked).severity).toBe("fact");
  });

  test("is not said of one that exited with 0, or was not come to", () => {
    expect(codes(ended({ exitCode: 0, signal: "none", timedOut: 0, output: null }))).toEqual([]);
    expect(codes(ended({}))).toEqual([]);
  });
});

/** The same counters on another host of the lab. */
function counting(host: string, counters: Record<string, number>): Trial {
  const one = trial();
  const view = { counters, sysctls: { "net.ipv4.tcp_max_tw_buckets": "100" }, localPorts: null };
  if (host === "client" || host === "server") return { ...one, kernel: { ...one.kernel, [host]: view } };
  return { ...one, otherKernels: { [host]: view } };
}

describe("listen-overflow", () => {
  test.each(["client", "server", "backend"])("is said of %s", (host) => {
    const of = run([counting(host, { "TcpExt:ListenOverflows": 120, "TcpExt:ListenDrops": 130 })]);
    const found = only("listen-overflow", of);
    expect(found).toMatchObject({ severity: "problem", figures: { host, overflows: 120, drops: 130 } });
    expect(found.text).toBe(
      `an accept queue on ${host} was full 120 times: clients had to try again, a second later or more`,
    );
  });

  test("drops alone", () => {
    expect(only("listen-overflow", run([counting("server", { "TcpExt:ListenDrops": 2 })])).text).toBe(
      "server dropped 2 connection attempts at its listeners",
    );
  });

  test("is not said where strangers share the counters; of one host for both sides it is said once", () => {
    const one = trial({ counters: { "TcpExt:ListenOverflows": 1 } });
    const shared = run([one], {}, { lab: { ...variantOf("only").lab, topology: "loopback" } });
    expect(only("listen-overflow", shared).figures.host).toBe("the host");
    shared.environment.isolation = "none";
    expect(codes(shared)).toEqual([]);
  });
});

describe("buckets-overflow", () => {
  test.each(["client", "server", "proxy"])("is said of %s, with its limit", (host) => {
    const found = only("buckets-overflow", run([counting(host, { "TcpExt:TCPTimeWaitOverflow": 900 })]));
    expect(found).toMatchObject({ severity: "notice", figures: { host, refused: 900, limit: 100 } });
    const caps = host === "proxy" ? "caps TIME_WAIT" : "caps TIME_WAIT at 0";
    expect(found.text).toBe(
      `net.ipv4.tcp_max_tw_buckets = 100 ${caps} on ${host}: 900 more sockets went without it (TCPTimeWaitOverflow)`,
    );
  });

  test.each([
    ["server", "server", "net.ipv4.tcp_max_tw_buckets", null],
    ["proxy", "proxy", "net.ipv4.tcp_max_tw_buckets", null],
    ["server", "client", "net.ipv4.tcp_max_tw_buckets", 100],
    ["server", "server", "net.ipv4.tcp_fin_timeout", 100],
  ])("of %s, after a step has written on %s the sysctl %s", (host, on, key, limit) => {
    const phases: Phase[] = [{ name: "later", do: "sysctl", on, key, value: "50", optional: false }];
    const of = run([counting(host, { "TcpExt:TCPTimeWaitOverflow": 900 })], {}, { phases });
    const { figures, text } = only("buckets-overflow", of);
    expect(figures).toMatchObject({ limit });
    if (limit === null)
      expect(text).toBe(
        `net.ipv4.tcp_max_tw_buckets kept 900 sockets out of TIME_WAIT on ${host} (TCPTimeWaitOverflow)`,
      );
  });

  test("not without that counter", () => {
    expect(codes(run([counting("server", { "TcpExt:TW": 900 })]))).toEqual([]);
  });
});

describe("program-connections", () => {
  const program = { command: "my-job {url}", cwd: "/", tool: null };
  const ofProgram = (opened: number, load: Partial<LoadPlan> = {}, change: Partial<Trial> = {}): RunResult => {
    const requests = { sent: null, succeeded: null, failed: null, perSec: null, served: 2_000 };
    const connections = { opened, failed: null, perSec: 100, requestsPer: 1 };
    const closedFirst = { client: 1, server: 0, reset: 0 };
    return run([trial({ perSec: 100, closedFirst, change: { requests, connections, ...change } })], {
      client: "command",
      connection: "keep-alive",
      ...(load.client === undefined ? { program } : {}),
      ...load,
    });
  };

  test("says what a program did with its connections", () => {
    expect(only("program-connections", ofProgram(1_588))).toMatchObject({
      severity: "notice",
      text: "your program opened 1,588 connections for 2,000 requests, and closed first on all of them",
    });
    expect(only("program-connections", ofProgram(20)).severity).toBe("fact");
    // A document's plan of a known tool holds no command line: it is made when the tool is found.
    const claims = { requests: 1_996, failed: 4, perSec: 998.4, latencyUs: { p50: 100, p99: 9_370 } };
    const tool = ofProgram(20, { client: "wrk" }, { claims } as unknown as Partial<Trial>);
    expect(only("program-connections", tool).text).toBe(
      "the client wrk opened 20 connections for 2,000 requests, and closed first on all of them; it says: 1,996 requests, 4 failed, 998 a second, p99 9.37 ms",
    );
    expect(codes(tool)).not.toContain("closer-cause");
    expect(only("program-connections", ofProgram(1_588, { connection: "close" })).severity).toBe("fact");
  });

  test("says that it failed, with what it wrote last", () => {
    const ended = {
      command: "my-job",
      exitCode: 4,
      signal: null,
      stopped: null,
      output: "no\nway",
      cut: false,
      unreadable: null,
    };
    const failed = ofProgram(20, {}, { program: ended });
    expect(only("command-failed", failed)).toMatchObject({ severity: "problem", figures: { exitCode: 4 } });
    expect(codes(ofProgram(20, {}, { program: { ...ended, stopped: "time", exitCode: null } }))).toEqual([]);
    const late = ofProgram(20, {}, { program: { ...ended, stopped: "late", exitCode: null }, durationMs: 16_000 });
    expect(only("command-failed", late).text).toMatch(
      /^the program on client was killed, for it took longer than 16 s/u,
    );
  });
});

describe("resets", () => {
  const ending = (reset: number, load: Partial<LoadPlan> = {}): RunResult =>
    run([trial({ perSec: 100, closedFirst: { client: 0, server: 1 - reset, reset } })], load);

  test("from 5 % on", () => {
    expect(only("resets", ending(0.05))).toMatchObject({
      severity: "notice",
      figures: { share: 0.05, opened: 1_000, deliberate: false },
      text: "5 % of 1,000 connections from client to server ended in a reset, which leaves no TIME_WAIT",
    });
    expect(codes(ending(0.049))).toEqual([]);
  });

  test("of a link behind the proxy: haproxy's are meant, and leave it no TIME_WAIT", () => {
    const proxy = { kind: "haproxy", upstream: "close", connections: 16, port: 8080, readyTimeoutMs: 1 } as const;
    const lab = { ...variantOf("only").lab, topology: "proxy" as const, proxy };
    const closedFirst = { from: 0, to: 0.2, reset: 0.8 };
    const links = {
      client: { proxy: link() },
      proxy: { server: link({ opened: 1_000, perRequest: 1, closedFirst }) },
    };
    const found = only("resets", run([trial({ perSec: 100, change: { links } })], {}, { lab }));
    expect(found).toMatchObject({ severity: "fact", link: { from: "proxy", to: "server" } });
    expect(found.text).toBe(
      "80 % of 1,000 connections from proxy to server ended in a reset: haproxy ends them so, and its ports are free at once",
    );
  });

  test("over TLS with nothing failed they are how it is, and who holds TIME_WAIT is not told once more", () => {
    const tls = { tls: "insecure" } as const;
    const byTls = ending(0.6, tls);
    expect(only("resets", byTls)).toMatchObject({ severity: "fact", figures: { tls: true } });
    expect(findingsOf(byTls).map(({ code }) => code)).not.toContain("holder");
    // A notice stands elsewhere.
    expect(findingsOf(ending(0.6)).map(({ code }) => code)).toContain("holder");
  });

  test("of a program over TLS it is what it says itself that nothing failed", () => {
    const ofProgram = (failed: number): RunResult => {
      const requests = { sent: null, succeeded: null, failed: null, perSec: null, served: 50 };
      const claims = { requests: 50, failed, perSec: 5, latencyUs: null } as unknown as NonNullable<Trial["claims"]>;
      const closedFirst = { client: 0, server: 0, reset: 1 };
      return run([trial({ perSec: 100, closedFirst, change: { requests, claims } })], { client: "k6", tls: "verify" });
    };
    expect(only("resets", ofProgram(0)).severity).toBe("fact");
    expect(only("program-connections", ofProgram(0)).text).toMatch(/requests, and all of them ended in a reset;/u);
    expect(only("resets", ofProgram(1)).severity).toBe("notice");
  });

  test("not where the scenario asks for them", () => {
    expect(codes(ending(1, { closer: "reset" }))).toEqual([]);
  });
});

describe("what a document came with", () => {
  const today = run([counting("server", { "TcpExt:ListenOverflows": 3 })]);

  test("stays as it is, and what was not looked for then is added", () => {
    const stored = only("listen-overflow", today);
    const old = { ...stored, text: "as it was said then" };
    const completed = completedFindings([old], today);
    expect(completed).toContainEqual(old);
    expect(completed.map(({ code }) => code)).toEqual(findingsOf(today).map(({ code }) => code));
  });

  test("is all that there is in a document of today", () => {
    expect(completedFindings(findingsOf(today), today)).toEqual(findingsOf(today));
  });
});

test("problems come first", () => {
  const one = counting("server", { "TcpExt:TCPTimeWaitOverflow": 1, "TcpExt:ListenOverflows": 1 });
  const found = findingsOf(run([{ ...one, closedFirst: { client: 0, server: 0, reset: 1 } }]));
  expect(found.map(({ severity }) => severity).slice(0, 4)).toEqual(["problem", "notice", "notice", "fact"]);
});

function loadStep(name: string): Phase {
  return { name, do: "load", on: "client", to: "server", load: variantOf("only").load };
}

function inSteps(phases: Phase[], figures: Trial["figures"]): RunResult {
  return run([{ ...trial(), figures }], {}, { phases });
}
