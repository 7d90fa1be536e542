import { describe, expect, test } from "vitest";
import { runScenario } from "../src/bench.js";
import { BenchError } from "../src/errors.js";
import { Events } from "../src/events/events.js";
import type { RunEvent } from "../src/events/types.js";
import type { RunResult } from "../src/result/types.js";
import type { Scenario, Variant } from "../src/scenario/types.js";
import { result as wholeResult } from "./report/fixture.js";
import { variantOf } from "./result/fixture.js";
import { FakeLab, type Script } from "./support/fake-lab.js";

const WARM: Variant = { ...variantOf({ warmupMs: 1 }) };
const LOST = new BenchError("lab-failed", "the lab's host ended in the middle of the run", "See the kernel's log.");

interface Ran {
  result: RunResult;
  told: RunEvent[];
  done: string[];
}

async function ran(script: Script, variant: Variant = WARM, signal = new AbortController().signal): Promise<Ran> {
  const lab = new FakeLab(script);
  const told: RunEvent[] = [];
  const events = new Events();
  events.subscribe((event) => void told.push(event));
  const scenario: Scenario = { ...wholeResult().scenario, variants: [variant], expect: [], claim: null };
  const machine = { openLab: lab.open, meetDemands: async () => ({ isolation: "namespace" as const, lack: null }) };
  const options = { isolation: "auto" as const, trials: 1, cacheFolder: "", signal, machine };
  const result = await runScenario(scenario, { ...options, events: events.ofRun(0) });
  return { result, told, done: lab.done };
}

/** Everything that is done in a run in which nothing goes wrong. */
const STAGES = [...new Set((await ran(() => {})).done)].filter((stage) => stage !== "close");
/** Those at which a process is told something; all others are asked of a host. */
const MESSAGES = new Set(["server listen", "server count", "client plan", "client warm-up", "client go"]);

test("a run tells its story: lab, hosts, what is done on them, the load, the end", async () => {
  const { result, told, done } = await ran(() => {});
  expect(result.status).toBe("complete");
  expect(done.at(-1)).toBe("close");
  const order = ["run", "trial", "host", "sample", "progress", "trial-done", "run-done"];
  const firsts = order.map((type) => told.findIndex((event) => event.type === type));
  expect(firsts.every((at) => at >= 0)).toBe(true);
  expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
  expect(told.find((event) => event.type === "progress")).toMatchObject({ timeWait: { client: 23, server: 23 } });
});

describe("whatever goes wrong, the lab is closed once, and the first error is told", () => {
  test.each(STAGES.filter((stage) => !MESSAGES.has(stage)))("a host is lost at: %s", async (stage) => {
    const { result, told, done } = await ran((what) => {
      if (what === stage) throw LOST;
    });
    expect(result).toMatchObject({ status: "failed", error: { code: "lab-failed" } });
    expect(done.filter((what) => what === "close")).toHaveLength(stage === "open" ? 0 : 1);
    expect(told.at(-1)).toMatchObject({ type: "run-done" });
  });

  test.each(STAGES)("Ctrl-C at: %s", async (stage) => {
    const interrupt = new AbortController();
    const abort: Script = (what) => {
      if (what === stage) interrupt.abort(new Error("interrupted"));
    };
    const { result, done } = await ran(abort, WARM, interrupt.signal);
    expect(result.status).toBe("interrupted");
    expect(result.error).toBeUndefined();
    expect(done.filter((what) => what === "close")).toHaveLength(1);
  });

  test.each([
    ["server", "server listen", "server-died", 0],
    ["server", "server count", "server-died", 0],
    ["server", "client warm-up", "server-died", 0],
    // What the client has counted until then is kept.
    ["server", "client go", "server-died", 1],
    ["client", "client plan", "client-died", 0],
    ["client", "client warm-up", "client-died", 0],
    ["client", "client go", "client-died", 0],
  ])("the %s dies at: %s", async (label, stage, code, kept) => {
    const { result, told, done } = await ran((what, lab) => {
      if (what === stage) lab.end(label);
    });
    expect(result).toMatchObject({ status: "failed", error: { code } });
    expect(result.variants["close"]!.trials).toHaveLength(kept);
    expect(done.filter((what) => what === "close")).toHaveLength(1);
    expect(told.at(-1)).toMatchObject({ type: "run-done" });
  });

  test("the server dies while connections finish closing", async () => {
    const { result } = await ran((what, lab) => {
      if (what === "server settle" && lab.done.includes("client go")) lab.end("server");
    });
    expect(result).toMatchObject({ status: "failed", error: { code: "server-died" } });
    expect(result.variants["close"]!.trials).toHaveLength(1);
  });

  test("what is stopped when the load is over may go on, and is waited for", async () => {
    let left = (): number => NaN;
    const { result } = await ran((what, lab) => {
      if (what !== "server settle") return;
      lab.stoppedFor = 2;
      left = () => lab.stoppedFor;
    });
    expect(result.status).toBe("complete");
    expect(left()).toBeLessThan(0);
  });

  test("a bug of ours keeps its stack, and the lab is closed all the same", async () => {
    const bug = new TypeError("x is not a function");
    let closed = (): number => 0;
    const failing = ran((what, lab) => {
      closed = () => lab.done.filter((done) => done === "close").length;
      if (what === "server settle") throw bug;
    });
    await expect(failing).rejects.toBe(bug);
    expect(closed()).toBe(1);
  });
});

test("a reading that failed is a warning of its trial", async () => {
  const { told } = await ran((what, lab) => {
    if (what === "client go") lab.samplerFault("EACCES");
  });
  const warnings = told.flatMap((event) => (event.type === "warning" ? [event] : []));
  expect(warnings.map(({ warning }) => warning.code)).toContain("sampler-fault");
  expect(warnings[0]).toMatchObject({ variant: "close", trial: 0 });
});

describe("a run of steps", () => {
  const load = { name: "fill", do: "load", on: "client", to: "server", load: variantOf().load } as const;
  const read = { name: "look", do: "read", on: "server", port: null } as const;
  const steps = (phases: Variant["phases"]): Variant => ({ ...variantOf(), phases });

  test("tells each step when it begins and when it ends, with its figures", async () => {
    const { told, result } = await ran(() => {}, steps([load, read]));
    const states = told.flatMap((event) => (event.type === "step" ? [`${event.step} ${event.state}`] : []));
    expect(states).toEqual(["fill begun", "fill ended", "look begun", "look ended"]);
    const ended = told.findLast((event) => event.type === "step");
    expect(ended).toMatchObject({ figures: { time_wait: 23 }, fault: null });
    expect(told.find((event) => event.type === "progress")).toMatchObject({ step: "fill" });
    expect(result.variants["close"]!.figures).toMatchObject({ "look.time_wait": 23, "fill.requests.sent": 100 });
  });

  test("a step that fails ends the load beside it, whose figures are kept; the error is the step's", async () => {
    const failing: Script = (what, lab) => {
      if (what === "server read" && lab.done.includes("client go")) throw LOST;
    };
    const beside: Variant["phases"] = [
      { name: "both", do: "together", phases: [load, { name: "then", do: "in-turn", phases: [wait(5), read] }] },
    ];
    const { result, told } = await ran(failing, steps(beside));
    expect(result).toMatchObject({ status: "failed", error: { code: "lab-failed" } });
    expect(result.variants["close"]!.trials[0]!.figures).toMatchObject({ "fill.requests.sent": 100 });
    const faults = told.flatMap((event) => (event.type === "step" && event.state === "ended" ? [event.fault] : []));
    expect(faults).toContain(LOST.message);
  });

  function wait(forMs: number): Variant["phases"][number] {
    return { name: `wait-${forMs}`, do: "wait", forMs };
  }
});
