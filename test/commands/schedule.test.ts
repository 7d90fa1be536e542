import { expect, test } from "vitest";
import { runAll } from "../../src/commands/schedule.js";
import type { Scenario } from "../../src/scenario/types.js";

const scenario = (name: string, parallel: boolean): Scenario => ({ name, parallel }) as Scenario;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function watch(scenarios: readonly Scenario[]): Promise<{ atOnce: number; aloneAtOnce: number; ran: string[] }> {
  let [now, aloneNow, atOnce, aloneAtOnce] = [0, 0, 0, 0];
  const ran: string[] = [];
  const run = async ({ name, parallel }: Scenario): Promise<void> => {
    atOnce = Math.max(atOnce, ++now);
    if (!parallel) aloneAtOnce = Math.max(aloneAtOnce, ++aloneNow);
    await pause(5);
    now--;
    if (!parallel) aloneNow--;
    ran.push(name);
  };
  await runAll(scenarios, run, new AbortController().signal);
  return { atOnce, aloneAtOnce, ran };
}

test("scenarios run one after the other, unless they say that they may run beside others", async () => {
  expect(await watch([scenario("a", false), scenario("b", false)])).toEqual({
    atOnce: 1,
    aloneAtOnce: 1,
    ran: ["a", "b"],
  });
  const mixed = [scenario("a", false), scenario("b", true), scenario("c", false), scenario("d", true)];
  const { atOnce, aloneAtOnce, ran } = await watch(mixed);
  expect(aloneAtOnce).toBe(1);
  expect(atOnce).toBe(3);
  expect(ran.toSorted()).toEqual(["a", "b", "c", "d"]);
});

test("after an interruption nothing new begins, and what has begun is waited for", async () => {
  const controller = new AbortController();
  const ended: number[] = [];
  await runAll(
    [scenario("a", false), scenario("b", false)],
    async (_scenario, at) => {
      controller.abort();
      await pause(5);
      ended.push(at);
    },
    controller.signal,
  );
  expect(ended).toEqual([0]);
});

test("what one throws reaches the caller when the others have ended", async () => {
  let ended = false;
  const all = runAll(
    [scenario("a", true), scenario("b", false)],
    async (_scenario, at) => {
      if (at === 0) throw new Error("a bug");
      await pause(10);
      ended = true;
    },
    new AbortController().signal,
  );
  await expect(all).rejects.toThrow("a bug");
  expect(ended).toBe(true);
});
