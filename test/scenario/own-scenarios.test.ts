import { expect, test } from "vitest";
import { listScenarios } from "../../src/scenario/find.js";
import { loadScenarios } from "../../src/scenario/load.js";

/** Nothing lies there: only what comes with bench is found. */
const NOWHERE = "/nonexistent";
const BUCKETS = "net.ipv4.tcp_max_tw_buckets";
const load = async (name: string) => (await loadScenarios([name], NOWHERE))[0]!;

test("every scenario that comes with bench can be run, explains itself and expects something", async () => {
  const listed = await listScenarios(NOWHERE);
  expect(listed.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["close-vs-keepalive", "go-client-churn", "go-hello-world", "who-closes"]),
  );
  for (const { name, fault } of listed) {
    expect([name, fault]).toEqual([name, null]);
    const scenario = await load(name);
    expect(scenario.explanation.length).toBeGreaterThan(100);
    // A claim is judged by its rules; it may expect something besides.
    if (scenario.claim === null) expect(scenario.expect.length).toBeGreaterThan(0);
  }
});

test("close-vs-keepalive: two variants, 50 connections, 10 s, two hosts, the embedded server", async () => {
  const { variants } = await load("close-vs-keepalive");
  expect(variants.map(({ name, load: { connection } }) => [name, connection])).toEqual([
    ["close", "close"],
    ["keep-alive", "keep-alive"],
  ]);
  for (const variant of variants) {
    expect(variant).toMatchObject({
      lab: { topology: "two-hosts" },
      server: { kind: "node" },
      load: { connections: 50, durationMs: 10_000 },
    });
  }
});

test("go-hello-world: the Go server, close with and without TIME_WAIT, and keep-alive, on two hosts", async () => {
  const { variants } = await load("go-hello-world");
  expect(variants.map(({ load: { connection }, lab }) => [connection, lab.sysctl.server[BUCKETS] ?? null])).toEqual([
    ["close", null],
    ["close", "0"],
    ["keep-alive", null],
  ]);
  for (const variant of variants)
    expect(variant).toMatchObject({ lab: { topology: "two-hosts" }, server: { kind: "go" } });
});

test("go-client-churn: the Go client on the Go server, keep-alive, 3 s at most for each mistake", async () => {
  const { variants } = await load("go-client-churn");
  expect(variants.map(({ load: { go } }) => go)).toEqual([
    { drain: true, idleConnections: null },
    { drain: true, idleConnections: 2 },
    { drain: false, idleConnections: null },
    { drain: false, idleConnections: null },
  ]);
  for (const variant of variants) {
    expect(variant).toMatchObject({
      lab: { topology: "two-hosts" },
      server: { kind: "go" },
      load: { client: "go", connection: "keep-alive", connections: 50 },
    });
    expect(variant.load.durationMs).toBeLessThanOrEqual(3_000);
  }
});

test("who-closes: 23 requests on 23 connections, closed once by each side", async () => {
  const { variants } = await load("who-closes");
  expect(variants.map(({ load: { closer } }) => closer)).toEqual(["server", "client"]);
  for (const variant of variants) {
    expect(variant).toMatchObject({ lab: { topology: "two-hosts" }, load: { requests: 23, requestsPerConnection: 1 } });
  }
});

test("every claim says what it is, can come out in more than one way, and names its figures and sources", async () => {
  const claims = (await listScenarios(NOWHERE)).filter(({ name }) => name.startsWith("claims/"));
  expect(claims.length).toBeGreaterThan(0);
  for (const { name } of claims) {
    const { claim } = await load(name);
    const { sources, figures, rules, text, test: how, lesson, instead } = claim!;
    const wrong = [
      sources.length === 0 && "no source",
      figures.length === 0 && "no figure",
      [text, how, lesson].some((prose) => prose.length < 30) && "too little said",
      instead.length > 120 && "too much for the table",
      new Set(rules.map(({ verdict }) => verdict)).size < 2 && "one verdict only",
    ];
    expect([name, ...wrong.filter((fault) => fault !== false)]).toEqual([name]);
  }
});
