import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ToolPlan } from "../../../src/client/tools/types.js";
import { cannotDo } from "../../../src/client/tools/abilities.js";
import { filledIn } from "../../../src/client/program/client.js";
import { TOOLS } from "../../../src/client/tools/tools.js";
import type { LoadPlan, ToolName } from "../../../src/scenario/types.js";

/** What real versions wrote, recorded: wrk 4.1.0, ab 2.3, h2load 1.52.0, hey 0.1.4, siege 4.0.7, vegeta 12, fortio 1.63.0, k6 1.8.1, oha. */
function recorded(name: string): string {
  return readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), "utf8");
}

function read(tool: ToolName, name: string) {
  return TOOLS[tool].read({ stdout: recorded(name), stderr: "", exitCode: 0 });
}

const PLAN: ToolPlan = {
  connections: 10,
  durationMs: 2_000,
  requests: null,
  connection: "keep-alive",
  timeoutMs: 5_000,
  pace: null,
};

const paced = (perSec: number): ToolPlan => ({
  ...PLAN,
  pace: { arrivals: "constant", stages: [{ durationMs: 2_000, fromPerSec: perSec, toPerSec: perSec }], seed: 1 },
});

describe("the summary of a load of which every second answer is a 500", () => {
  test.for<[ToolName, string, object]>([
    ["wrk", "wrk-500", { requests: 6_863, succeeded: 3_432, failed: 3_431, latencyUs: { p50: 990, p99: 16_880 } }],
    ["ab", "ab-500", { requests: 2_000, succeeded: 1_000, failed: 1_000, seconds: 0.547, perSec: 3_653.36 }],
    ["h2load", "h2-d", { requests: 19_014, succeeded: 9_507, failed: 9_507, latencyUs: null, seconds: 1 }],
    ["hey", "hey-500", { requests: 1_000, succeeded: 500, failed: 500, latencyUs: { p50: 4_400, p99: 104_500 } }],
    ["siege", "siege-500", { succeeded: 166, failed: 166, perSec: 184.44 }],
    ["vegeta", "vegeta-500", { requests: 200, succeeded: 100, failed: 100, latencyUs: { p50: 645, p99: 31_725 } }],
    ["fortio", "fortio-500", { requests: 2_249 }],
    ["k6", "k6-500", { requests: 3_239, succeeded: 1_620, failed: 1_619 }],
  ])("of %s", ([tool, name, said]) => {
    expect(read(tool, name)).toMatchObject(said);
  });

  test("of oha and fortio, whose halves add up", () => {
    for (const [tool, name] of [
      ["oha", "oha-500"],
      ["fortio", "fortio-500"],
    ] as const) {
      const { requests, succeeded, failed } = read(tool, name)!;
      expect(succeeded! + failed!).toBe(requests);
      expect(Math.abs(succeeded! - failed!)).toBeLessThan(0.1 * requests!);
    }
  });
});

test("what could not connect is failed, and has no latency", () => {
  expect(read("hey", "hey-refused")).toMatchObject({ requests: 100, succeeded: 0, failed: 100, perSec: 3_772.8624 });
  expect(read("h2load", "h2-refused")).toMatchObject({ requests: 0, succeeded: 0, failed: 100, perSec: 0 });
});

test("hey's errors are counted, however many kinds there are", () => {
  const { requests, succeeded, failed } = read("hey", "hey-reset")!;
  expect([requests, succeeded, failed]).toEqual([1_000, 893, 107]);
});

test("output that is not a summary says nothing", () => {
  expect(read("ab", "ab-refused")).toBeNull();
  for (const tool of Object.values(TOOLS)) {
    expect(tool.read({ stdout: "Killed\n", stderr: "", exitCode: 137 })).toBeNull();
    expect(tool.versionIn("something else 1.2")).toBeNull();
  }
});

test("versions as the programs tell them", () => {
  expect(TOOLS.wrk.versionIn("wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012 Will Glozer")).toBe("4.1.0");
  expect(TOOLS.ab.versionIn("This is ApacheBench, Version 2.3 <$Revision$>")).toBe("2.3");
  expect(TOOLS.h2load.versionIn("h2load nghttp2/1.52.0")).toBe("1.52.0");
  expect(TOOLS.siege.versionIn("SIEGE 4.0.7\n")).toBe("4.0.7");
  expect(TOOLS.k6.versionIn("k6 v1.8.1 (go1.26.8, linux/amd64)")).toBe("1.8.1");
  expect(TOOLS.fortio.versionIn("1.63.0\n")).toBe("1.63.0");
  expect(TOOLS.vegeta.versionIn("Version: \nCommit: \n")).toBe("12");
});

test("a plan as each command line says it", () => {
  expect(TOOLS.wrk.commandLine({ ...PLAN, connection: "close" })).toBe(
    "wrk -t 1 -c 10 -d 2s --timeout 5s --latency -H 'Connection: close' '{url}'",
  );
  expect(TOOLS.ab.commandLine(PLAN)).toBe("ab -q -l -r -c 10 -s 5 -t 2 -n 200000 -k '{url}'");
  expect(TOOLS.h2load.commandLine({ ...PLAN, requests: 500 })).toBe("h2load --h1 -t 1 -c 10 -n 500 -N 5 '{url}'");
  expect(TOOLS.hey.commandLine(paced(100))).toBe("hey -c 10 -z 2s -t 5 -q 10 '{url}'");
  expect(TOOLS.vegeta.commandLine(paced(100))).toContain("-rate 6000/1m -duration 2000ms");
});

test("k6 pauses between requests, and makes a batch on as many connections as the load has", () => {
  const pausing = (from: number, to: number, batch: number | null): ToolPlan => ({
    ...PLAN,
    pauses: { thinkMs: { from, to }, batch, seed: 1 },
  });
  const thinks = TOOLS.k6.commandLine(pausing(500, 500, null));
  expect(thinks).toContain(
    'http.request("GET", "{url}", null, { timeout: 5000, redirects: 0, headers: {} }); sleep(0.5); }',
  );
  expect(TOOLS.k6.commandLine(pausing(500, 2_000, null))).toContain("sleep(0.5 + Math.random() * 1.5)");
  const bursts = TOOLS.k6.commandLine({ ...pausing(500, 500, 20), requests: 60 });
  expect(bursts).toContain('"vus":1,"iterations":3');
  expect(bursts).toContain('"batch":10,"batchPerHost":10');
  expect(bursts).toContain('http.batch(Array.from({ length: 20 }, (_, nth) => ["GET", "{url}"');
  expect(cannotDo(TOOLS.k6, { ...pausing(500, 500, 20), requests: 50 })).toMatch(/multiple of `batch`/);
});

describe("a request with fields and a body", () => {
  const asking = (request: Partial<NonNullable<ToolPlan["request"]>>): ToolPlan => ({
    ...PLAN,
    request: { method: "POST", headers: {}, body: null, paths: ["/"], ...request },
  });
  const NASTY = "it's {host} \"$(touch pwn)`\\\n";

  /** What a shell makes of it: its words. */
  const words = (line: string): string[] =>
    execFileSync("sh", ["-c", `for word in "$@"; do printf '%s\\0' "$word"; done`.replace('"$@"', line)])
      .toString()
      .split("\0")
      .slice(0, -1);

  test.for<ToolName>(["hey", "oha", "fortio"])(
    "is quoted for %s, and nothing of it is the shell's or a place",
    (name) => {
      const line = TOOLS[name].commandLine(asking({ headers: { "X-Nasty": NASTY.trim() }, body: { text: NASTY } }));
      const filled = filledIn(line, { ...asking({}), path: "/" } as LoadPlan, { host: "198.18.0.1", port: 80 });
      const said = words(filled);
      expect(said).toContain(NASTY);
      expect(said.some((word) => /^X-Nasty: ?/u.test(word) && word.endsWith(NASTY.trim()))).toBe(true);
      expect(said).toContain("POST");
      expect(said.at(-1)).toBe("http://198.18.0.1:80/");
    },
  );

  test("is data in a script of k6, and in a target of vegeta", () => {
    const plan = asking({ headers: { "X-Nasty": NASTY }, body: { text: NASTY }, paths: ["/a", "/b?c='{port}"] });
    const lines = [TOOLS.k6, TOOLS.vegeta].map((tool) => tool.commandLine(plan).split(" | ")[0]!);
    const target = { host: "198.18.0.1", port: 80 };
    const [script, targets] = lines.map((line) =>
      words(filledIn(line.replace(/^printf /u, ""), { ...plan, path: "/a" } as LoadPlan, target)).slice(1),
    );
    expect(script!.join("")).toContain(`["http://198.18.0.1:80/a", "http://198.18.0.1:80/b?c=%27%7Bport}"]`);
    const said = targets!.map((line) => JSON.parse(line) as { url: string; header: object; body: string });
    expect(said.map(({ url }) => url)).toEqual(["http://198.18.0.1:80/a", "http://198.18.0.1:80/b?c=%27%7Bport}"]);
    expect(said[1]!.header).toEqual({ "X-Nasty": [NASTY] });
    expect(Buffer.from(said[1]!.body, "base64").toString()).toBe(NASTY);
    const literal = /http\.request\("POST", .*?, ("(?:[^"\\]|\\.)*"), \{/u.exec(script!.join(""))![1]!;
    expect(JSON.parse(literal)).toBe(NASTY);
  });

  test("is a file where a tool wants one", () => {
    const plan = asking({ headers: { "Content-Type": "text/csv" }, body: { file: "/tmp/it's.csv" } });
    expect(TOOLS.ab.commandLine(plan)).toContain("-T 'text/csv' -p '/tmp/it'\\''s.csv' '{url}'");
    expect(TOOLS.h2load.commandLine(plan)).toContain("-d '/tmp/it'\\''s.csv'");
    expect(TOOLS.hey.commandLine(plan)).toContain("-D '/tmp/it'");
    expect(cannotDo(TOOLS.ab, asking({ body: { text: "x" } }))).toMatch(/bodyFile/);
    expect(cannotDo(TOOLS.h2load, asking({}))).toMatch(/POST with a file/);
  });

  test("is refused by a tool that cannot send it", () => {
    const cannot = (request: Partial<NonNullable<ToolPlan["request"]>>): string[] =>
      Object.entries(TOOLS).flatMap(([name, tool]) =>
        cannotDo({ ...tool, cannot: () => null }, asking(request)) === null ? [] : [name],
      );
    expect(cannot({ method: "PUT" })).toEqual(["wrk", "wrk2", "siege"]);
    expect(cannot({ method: "GET", paths: ["/a", "/b"] })).toEqual([
      "wrk",
      "wrk2",
      "ab",
      "hey",
      "oha",
      "fortio",
      "siege",
    ]);
    expect(cannot({ method: "GET", headers: { A: "b" } })).toEqual([]);
  });
});

test("a tool that cannot pause says so", () => {
  const thinking: ToolPlan = { ...PLAN, pauses: { thinkMs: { from: 1, to: 1 }, batch: null, seed: 1 } };
  const able = Object.entries(TOOLS).filter(([, tool]) => cannotDo(tool, thinking) === null);
  expect(able.map(([name]) => name)).toEqual(["k6"]);
  expect(cannotDo(TOOLS.wrk, thinking)).toBe("cannot pause between two requests");
  expect(cannotDo(TOOLS.hey, { ...thinking, pauses: { ...thinking.pauses!, batch: 5 } })).toMatch(/in batches/);
});

test("the target stands in quotes, and nothing of its path is the shell's", () => {
  for (const tool of Object.values(TOOLS)) {
    const line = tool.commandLine(paced(100));
    expect(line).toContain("{url}");
    expect(line.replaceAll(/'[^']*'/gu, "")).not.toContain("{url}");
  }
  const plan = {
    path: "/a?x=1&y=$(touch pwn)`'\"",
    connections: 1,
    durationMs: 1_000,
    requests: null,
    pace: null,
  } as LoadPlan;
  expect(filledIn("my-job '{url}'", plan, { host: "198.18.0.1", port: 80 })).toBe(
    "my-job 'http://198.18.0.1:80/a?x=1&y=%24(touch pwn)%60%27%22'",
  );
});

test("what a tool cannot do it refuses in words", () => {
  expect(TOOLS.wrk.cannot(paced(100))).toBe("cannot keep a rate");
  expect(TOOLS.wrk.cannot({ ...PLAN, requests: 100 })).toBe("cannot end after a number of requests");
  expect(TOOLS.wrk.cannot({ ...PLAN, durationMs: 1_500 })).toBe("takes whole seconds as its duration");
  expect(TOOLS.wrk2.cannot(PLAN)).toBe("needs a rate (load.rate)");
  expect(TOOLS.hey.cannot({ ...PLAN, requests: 15 })).toMatch(/multiple of the connections/);
  expect(Object.values(TOOLS).filter((tool) => tool !== TOOLS.wrk2 && tool.cannot(PLAN) !== null)).toEqual([]);
});
