import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { play } from "../../src/commands/play.js";
import type { RunEvent } from "../../src/events/types.js";

/** So many that nobody waits for their end, all of them due at once. */
function* dueAtOnce(most = 1e9): Generator<RunEvent> {
  for (let told = 0; told < most; told++) yield { atMs: 0 } as RunEvent;
}

test("however much is due at once, others get their turn, and Ctrl-C ends it", async () => {
  const interrupt = new AbortController();
  let heard = 0;
  const played = play(dueAtOnce(), 1, () => void heard++, interrupt.signal);
  await pause(1);
  interrupt.abort();
  await played;
  expect(heard).toBeGreaterThan(0);
});

test("each event is told once, in order", async () => {
  const heard: number[] = [];
  const events = [0, 1, 1, 3].map((atMs) => ({ atMs }) as RunEvent);
  await play(events, 1000, ({ atMs }) => void heard.push(atMs), new AbortController().signal);
  expect(heard).toEqual([0, 1, 1, 3]);
});
