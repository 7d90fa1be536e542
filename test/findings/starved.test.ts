import { describe, expect, test } from "vitest";
import { findingsOf } from "../../src/findings/findings.js";
import type { Finding } from "../../src/findings/types.js";
import type { CpuTimes } from "../../src/metrics/table.js";
import type { RunResult } from "../../src/result/types.js";
import { keepAliveTrial, keepAliveVariant, measured, result } from "../report/fixture.js";

type Cpu = Record<"client" | "server", CpuTimes | null>;
const CALM: CpuTimes = { userMs: 700, systemMs: 300, waitMs: 100 };

function found(code: Finding["code"], cpu: Partial<Cpu>, step: string | null = null): Finding[] {
  const trial = keepAliveTrial();
  trial.cpu = { client: CALM, server: CALM, ...cpu };
  const run: RunResult = result([[keepAliveVariant(), measured(trial)]]);
  if (step !== null) {
    const plan = run.scenario.variants[0]!;
    plan.phases = [{ name: step, do: "load", on: "client", to: "server", load: plan.load }];
    trial.figures = { [`${step}.requests.sent`]: 1000 };
    for (const [role, times] of Object.entries(trial.cpu))
      for (const [name, ms] of Object.entries(times ?? {})) trial.figures[`${step}.cpu.${role}.${name}`] = ms;
  }
  return findingsOf(run).filter((one) => one.code === code);
}

describe("client-starved", () => {
  const waiting: CpuTimes = { userMs: 400, systemMs: 100, waitMs: 1_500 };

  test("says how long it waited for a processor, and which part that is of the time in which it could run", () => {
    expect(found("client-starved", { client: waiting })).toMatchObject([
      {
        severity: "notice",
        link: { from: "client", to: "server" },
        figures: { host: "client", waitMs: 1_500, share: 0.75 },
        text: "the client waited 1.5 s for a processor, 75 % of the time in which it could run: the latencies contain part of that wait",
        remedy: "use fewer connections, a lower rate, or give the client a processor of its own",
      },
    ]);
    expect(found("client-starved", { client: waiting }, "burst")).toMatchObject([
      { step: "burst", figures: { waitMs: 1_500, share: 0.75 } },
    ]);
  });

  test("is silent of one that mostly ran, of so short a time that ticks count for more, and where nobody knows", () => {
    expect(found("client-starved", {})).toEqual([]);
    expect(found("client-starved", { client: { userMs: 10, systemMs: 0, waitMs: 60 } })).toEqual([]);
    expect(found("client-starved", { client: { ...waiting, waitMs: null } })).toEqual([]);
    expect(found("client-starved", { client: null })).toEqual([]);
  });
});

describe("server-starved", () => {
  test("is not told of what threads of one server make each other wait", () => {
    expect(found("server-starved", { server: { userMs: 300, systemMs: 300, waitMs: 500 } })).toEqual([]);
  });

  test("is told of the server's processes", () => {
    const server = { userMs: 300, systemMs: 300, waitMs: 900 };
    expect(found("server-starved", { server })).toMatchObject([
      {
        figures: { host: "server", waitMs: 900, share: 0.6 },
        text: expect.stringMatching(/^the server waited 900 ms /u),
      },
    ]);
    expect(found("client-starved", { server })).toEqual([]);
  });
});
