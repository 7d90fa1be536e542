import { expect, test, vi } from "vitest";
import { Events } from "../../src/events/events.js";
import type { RunEvent, Subscriber } from "../../src/events/types.js";

const ACTION = { host: "client", what: "start server", command: "node server.js" };

/** A clock that tests move. */
function started(...subscribers: Subscriber[]): { events: Events; told: RunEvent[]; pass(ms: number): void } {
  let nowMs = 5_000;
  const told: RunEvent[] = [];
  const events = new Events(() => nowMs);
  events.subscribe((event) => void told.push(event), ...subscribers);
  return { events, told, pass: (ms) => void (nowMs += ms) };
}

test("all runs share one clock, which starts with the first; each event says what it belongs to", () => {
  const { events, told, pass } = started();
  pass(10);
  events.ofRun(1).tell({ type: "trial", order: 0 });
  pass(5);
  events.ofRun(0).ofTrial("close", 2).tell({ type: "trial", order: 3 }, 4);
  expect(told).toEqual([
    { type: "trial", order: 0, atMs: 10, run: 1, variant: null, trial: null },
    { type: "trial", order: 3, atMs: 11, run: 0, variant: "close", trial: 2 },
  ]);
});

test("what is done is told when it begins and when it ends, with how long it took, and why it failed", async () => {
  const { events, told, pass } = started();
  const { during } = events.ofRun(0);
  expect(await during(ACTION, async () => pass(7))).toBeUndefined();
  const fault = new Error("not there");
  await expect(during(ACTION, () => Promise.reject(fault))).rejects.toBe(fault);
  expect(told).toMatchObject([
    { ...ACTION, state: "begun", atMs: 0 },
    { ...ACTION, state: "ended", atMs: 7, tookMs: 7, fault: null },
    { ...ACTION, state: "begun" },
    { ...ACTION, state: "ended", tookMs: 0, fault: "not there" },
  ]);
});

test("a step ends with its figures, as a load does", async () => {
  const { events, told } = started();
  const figures = { time_wait: 23 };
  expect(await events.ofRun(0).step({ step: "held", does: "read" }, async () => figures)).toBe(figures);
  expect(told.at(-1)).toMatchObject({ type: "step", step: "held", does: "read", state: "ended", figures, fault: null });
});

test("what a subscriber begins is waited for before the next trial", async () => {
  const order: string[] = [];
  const { events } = started(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push("saved");
  });
  events.ofRun(0).tell({ type: "trial", order: 0 });
  order.push("told");
  await events.settled();
  expect(order).toEqual(["told", "saved"]);
});

test("a subscriber that fails disturbs nobody, hears no more, and is told in the end", async () => {
  const fault = new Error("a bug of the view");
  const throws = vi.fn<Subscriber>(() => {
    throw fault;
  });
  const { events, told } = started(throws, () => Promise.reject(new Error("later")));
  events.ofRun(0).tell({ type: "trial", order: 0 });
  events.ofRun(0).tell({ type: "trial", order: 1 });
  expect(told).toHaveLength(2);
  expect(throws).toHaveBeenCalledTimes(1);
  await expect(events.settled()).rejects.toBe(fault);
});
