import { describe, expect, test } from "vitest";
import { monotonicMs } from "../../src/kernel/clock.js";
import { BenchError } from "../../src/errors.js";
import { LoadSession } from "../../src/client/session.js";
import type {
  FromClient,
  LoadBooks,
  LoadClient,
  LoadReport,
  PreparedLoad,
  ThreadedClient,
} from "../../src/client/types.js";
import type { SocketPlan } from "../../src/scenario/types.js";
import { PLAN } from "./load.js";
import { AFTER_ONE_REQUEST } from "../support/one-request.js";

const TARGET = { host: "127.0.0.1", port: 1 };

/** A client without a network: what it does between `go` and its end is the test's. */
function fake(run: LoadClient["run"]): LoadClient {
  return { name: "fake 1.0.0", run };
}

function open(client: LoadClient | ThreadedClient): { session: LoadSession; told: FromClient[] } {
  const told: FromClient[] = [];
  return {
    session: new LoadSession(
      () => Promise.resolve(client),
      (message) => told.push(message),
    ),
    told,
  };
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));

function reportIn(told: FromClient[]): LoadReport {
  const done = told.find((message) => message.type === "done");
  if (done?.type !== "done") throw new Error(`no report: ${JSON.stringify(told)}`);
  return done.report;
}
const ends = (told: FromClient[]): FromClient[] => told.filter(({ type }) => type === "done" || type === "failed");

/** Its message, when the one end of the session is a failure. */
function failureIn(told: FromClient[]): string {
  const [end, ...more] = ends(told);
  if (end?.type !== "failed" || more.length > 0) throw new Error(`not one failure: ${JSON.stringify(told)}`);
  return `${end.message}\n${end.hint}`.trimEnd();
}

describe("a load", () => {
  test("says that it is ready, and at the end what it did", async () => {
    const { session, told } = open(
      fake(async (plan, target, recorder) => {
        expect([plan, target]).toEqual([PLAN, TARGET]);
        recorder.sent(3);
        recorder.succeeded(1.5);
        recorder.succeeded(2.5);
        recorder.failed("ECONNRESET");
      }),
    );
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    expect(told).toEqual([{ type: "ready", clientName: "fake 1.0.0" }]);
    await session.receive({ type: "go" });
    expect(reportIn(told)).toMatchObject({
      clientName: "fake 1.0.0",
      requests: { sent: 3, succeeded: 2, failed: 1 },
      errors: { ECONNRESET: 1 },
      connections: { opened: 0, failed: 0, closed: { client: 0, server: 0, reset: 0 }, ports: 0 },
    });
  });

  test("tells how it gets on while it runs, and nothing after its end", async () => {
    const { session, told } = open(
      fake(async (_plan, _target, recorder) => {
        recorder.sent(5);
        recorder.succeeded(1);
        await new Promise((resolve) => setTimeout(resolve, 800));
      }),
    );
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    await session.receive({ type: "go" });
    const steps = told.flatMap((message) => (message.type === "progress" ? [message.progress] : []));
    expect(steps.length).toBeGreaterThanOrEqual(2);
    expect(steps[0]).toMatchObject({ succeeded: 1, failed: 0, connections: 0 });
    expect(steps.map(({ elapsedMs }) => elapsedMs)).toEqual(
      steps.map(({ elapsedMs }) => elapsedMs).toSorted((a, b) => a - b),
    );
    const count = told.length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(told).toHaveLength(count);
  });

  test("counts as unfinished what its client forgot", async () => {
    const { session, told } = open(fake(async (_plan, _target, recorder) => recorder.sent(2)));
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    await session.receive({ type: "go" });
    expect(reportIn(told)).toMatchObject({ requests: { sent: 2, failed: 2 }, errors: { unfinished: 2 } });
  });

  test("runs once, however often it is told to go", async () => {
    let runs = 0;
    const { session, told } = open(fake(async () => void runs++));
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    await Promise.all([session.receive({ type: "go" }), session.receive({ type: "go" })]);
    await session.receive({ type: "go" });
    expect(runs).toBe(1);
    expect(ends(told)).toHaveLength(1);
  });
});

describe("stop", () => {
  test("ends the load with a whole report", async () => {
    const { session, told } = open(
      fake(async (_plan, _target, recorder, signal) => {
        recorder.sent();
        recorder.succeeded(1);
        await untilAborted(signal);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }),
    );
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    const running = session.receive({ type: "go" });
    await session.receive({ type: "stop" });
    const stoppedAtMs = monotonicMs();
    await running;
    const report = reportIn(told);
    expect(report.requests).toEqual({ sent: 1, succeeded: 1, failed: 0 });
    // To close connections is no load any more.
    expect(report.endedAtMs).toBeLessThanOrEqual(stoppedAtMs);
    expect(ends(told)).toHaveLength(1);
  });

  test("before go gives the report of a load that sent nothing", async () => {
    const { session, told } = open(fake(() => Promise.reject(new Error("must not run"))));
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    await session.receive({ type: "stop" });
    await session.receive({ type: "go" });
    expect(ends(told)).toEqual([expect.objectContaining({ type: "done" })]);
    expect(reportIn(told).requests).toEqual({ sent: 0, succeeded: 0, failed: 0 });
  });
});

describe("a client with threads of its own", () => {
  const BOOKS: LoadBooks = {
    startedAtMs: 1,
    endedAtMs: 2,
    requests: { sent: 1, succeeded: 1, failed: 0 },
    errors: {},
    connections: { opened: 1, failed: 0, closed: { client: 1, server: 0, reset: 0 }, ports: null },
    pace: null,
    latencyHistogram: null,
    connectHistogram: null,
    timeline: { atMs: [], perSec: [], p50Us: [], p99Us: [] },
  };

  function threaded(run: PreparedLoad["run"]): { client: ThreadedClient; prepared: unknown[] } {
    const prepared: unknown[] = [];
    const load: PreparedLoad = {
      clientName: "threaded 1.0.0",
      warmUp: () => Promise.resolve(),
      run,
      progress: () => AFTER_ONE_REQUEST,
    };
    return {
      prepared,
      client: {
        prepare: (plan, target) => {
          prepared.push([plan, target]);
          return Promise.resolve(load);
        },
      },
    };
  }

  test("is made ready with the plan, and its own books are the report", async () => {
    const { client, prepared } = threaded(async () => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      return BOOKS;
    });
    const { session, told } = open(client);
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    expect(prepared).toEqual([[PLAN, TARGET]]);
    await session.receive({ type: "go" });
    expect(told[0]).toEqual({ type: "ready", clientName: "threaded 1.0.0" });
    expect(told[1]).toEqual({ type: "progress", progress: AFTER_ONE_REQUEST });
    expect(reportIn(told)).toEqual({ clientName: "threaded 1.0.0", ...BOOKS });
  });

  test("ends when it is told to", async () => {
    const { client } = threaded(async (signal) => {
      await untilAborted(signal);
      return BOOKS;
    });
    const { session, told } = open(client);
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    const gone = session.receive({ type: "go" });
    await session.receive({ type: "stop" });
    await gone;
    expect(ends(told)).toHaveLength(1);
    expect(reportIn(told).requests.sent).toBe(1);
  });

  test("is let run with a signal that is aborted already, when it is told to end before it began", async () => {
    const { client } = threaded((signal) => Promise.resolve({ ...BOOKS, errors: { aborted: signal.aborted ? 1 : 0 } }));
    const { session, told } = open(client);
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    await session.receive({ type: "stop" });
    expect(reportIn(told).errors).toEqual({ aborted: 1 });
  });
});

describe("a load that cannot go on", () => {
  test.each([
    ["a reset", { closer: "reset" }],
    ["sockets of its own making", { sockets: { threads: 2 } as SocketPlan }],
  ] as const)("is one that asks of Node's sockets for %s", async (_, changes) => {
    const { session, told } = open(fake(() => Promise.resolve()));
    await session.receive({ type: "plan", plan: { ...PLAN, ...changes }, target: TARGET });
    expect(failureIn(told)).toContain("--client epoll");
  });

  test("fails once, with the stack of what was thrown", async () => {
    const { session, told } = open(fake(() => Promise.reject(new TypeError("a bug"))));
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    await session.receive({ type: "go" });
    expect(failureIn(told)).toMatch(/^TypeError: a bug\n +at /u);
  });

  test("fails without a stack when a user can mend it", async () => {
    const { session, told } = open(fake(() => Promise.reject(new BenchError("bad-scenario", "No.", "Do it so."))));
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    await session.receive({ type: "go" });
    expect(failureIn(told)).toBe("No.\nDo it so.");
  });

  test("fails when its library cannot be loaded", async () => {
    const told: FromClient[] = [];
    const session = new LoadSession(
      () => Promise.reject(new Error("no such module")),
      (message) => told.push(message),
    );
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    expect(failureIn(told)).toContain("no such module");
  });

  test("fails when it is told to go without a plan", async () => {
    const { session, told } = open(fake(async () => {}));
    await session.receive({ type: "go" });
    expect(failureIn(told)).toContain("without a plan");
  });

  test("says nothing more, though its client goes on", async () => {
    const { session, told } = open(fake(() => new Promise((resolve) => setTimeout(resolve, 800))));
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    const running = session.receive({ type: "go" });
    session.fail(new Error("thrown in a timer"));
    await running;
    expect(told.at(-1)?.type).toBe("failed");
  });

  test("is stopped by an exception from elsewhere, and says nothing more", async () => {
    let stopped = false;
    const { session, told } = open(
      fake(async (_plan, _target, _recorder, signal) => {
        await untilAborted(signal);
        stopped = true;
      }),
    );
    await session.receive({ type: "plan", plan: PLAN, target: TARGET });
    const running = session.receive({ type: "go" });
    session.fail(new Error("thrown in a timer"));
    await running;
    expect(stopped).toBe(true);
    expect(failureIn(told)).toContain("thrown in a timer");
  });
});
