import { expect, test } from "vitest";
import { startSampler } from "../../src/sampler/sampler.js";
import type { GaugeSample, SampleMessage } from "../../src/sampler/types.js";

/** Samples this machine for a while. @returns what was handed over, each time */
async function sampledFor(durationMs: number, everyMs: number): Promise<SampleMessage[][]> {
  const handed: SampleMessage[][] = [];
  const sampler = await startSampler({
    everyMs,
    tableEveryMs: 100,
    serverPort: 9,
    onSamples: (samples) => handed.push(samples),
    onFault: (message) => expect.unreachable(message),
  });
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  await sampler.stop();
  const count = handed.length;
  await new Promise((resolve) => setTimeout(resolve, 3 * everyMs));
  expect(handed.length, "nothing comes after stop()").toBe(count);
  return handed;
}

const gaugesOf = (samples: SampleMessage[]): GaugeSample[] => samples.filter((sample) => sample.kind === "gauge");

test("gauges and tables come in the order of their times, a few at a time, the last ones with stop()", async () => {
  const handed = await sampledFor(1_200, 10);
  const samples = handed.flat();
  expect(handed.length).toBeGreaterThan(1);
  expect(handed.length).toBeLessThan(samples.length / 2);
  const gauges = gaugesOf(samples);
  const tables = samples.filter((sample) => sample.kind === "table");
  expect(gauges.length).toBeGreaterThan(5);
  // The first and the last at least; a machine that is busy misses some between.
  expect(tables.length).toBeGreaterThan(1);
  for (const kind of [gauges, tables]) {
    const times = kind.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
  expect(samples.at(-1)!.kind).toBe("table");
});

test("faster than 20 times a second TIME_WAIT is read every time, counters are not", async () => {
  const gauges = gaugesOf((await sampledFor(600, 10)).flat());
  const withCounters = gauges.filter(({ timeWaitCreated }) => timeWaitCreated !== null);
  for (const { timeWait, established, timeWaitCreated } of gauges) {
    expect(timeWait).toBeGreaterThanOrEqual(0);
    expect(established === null).toBe(timeWaitCreated === null);
  }
  expect(withCounters.length).toBeGreaterThan(2);
  // One in five by plan; a machine that is busy misses readings, and then more of the rest have them.
  expect(withCounters.length).toBeLessThan(gauges.length);
  const spaces = withCounters.slice(1, -1).map(({ atMs }, at) => atMs - withCounters[at]!.atMs);
  expect(Math.max(...spaces)).toBeGreaterThan(20);
  expect(gauges.at(-1)!.timeWaitCreated, "the last reading is a whole one").not.toBeNull();
});

test("20 times a second every reading is a whole one", async () => {
  const gauges = gaugesOf((await sampledFor(400, 50)).flat());
  expect(gauges.length).toBeGreaterThan(3);
  expect(gauges.every(({ timeWaitCreated }) => timeWaitCreated !== null)).toBe(true);
});
