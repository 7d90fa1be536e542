import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startClient } from "../../src/client/conduct.js";
import type { FromClient } from "../../src/client/types.js";
import type { Host, HostProcess } from "../../src/lab/types.js";
import { startEmbedded } from "../../src/server/embedded.js";
import type { FromHello } from "../../src/server/types.js";
import { SILENT_S, Watchdog } from "../../src/waiting/answer.js";
import { PLAN } from "../client/load.js";

const LONG_MS = SILENT_S * 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Whether it is settled by now. */
async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  let open = true;
  const settled = (): void => void (open = false);
  promise.then(settled, settled);
  await vi.advanceTimersByTimeAsync(0);
  return open;
}

/** A host on which a process says what the test has it say. */
function hostOf<Told>(heard: (type: string, say: (told: Told) => void) => void): {
  host: Host;
  say: (told: Told) => void;
} {
  let say: (told: Told) => void = () => {};
  const process: Partial<HostProcess> = {
    id: "1",
    exited: new Promise(() => {}),
    onLine() {},
    onMessage: (listener) => void (say = listener as (told: Told) => void),
    send: (message) => heard((message as { type: string }).type, say),
  };
  const host = { address: "198.18.0.2", listenAddress: "0.0.0.0", spawn: () => Promise.resolve(process) };
  return { host: host as unknown as Host, say: (told) => say(told) };
}

test("barks after so long without a word, however often the clock jumps", async () => {
  const watchdog = new Watchdog(() => new Error("silent"));
  await vi.advanceTimersByTimeAsync(LONG_MS - 1_000);
  watchdog.heard();
  // Somebody stopped us: no tick came meanwhile.
  vi.setSystemTime(Date.now() + 10 * LONG_MS);
  await vi.advanceTimersByTimeAsync(LONG_MS - 1_000);
  expect(await isOpen(watchdog.silence)).toBe(true);
  await vi.advanceTimersByTimeAsync(1_000);
  await expect(watchdog.silence).rejects.toThrow("silent");
  watchdog.end();
  expect(vi.getTimerCount()).toBe(0);
});

describe("a client that is stopped in the midst of its load", () => {
  test("ends the run with a sentence, but not while it tells of its progress", async () => {
    const { host, say } = hostOf<FromClient>((type, answer) => {
      if (type === "plan") answer({ type: "ready", clientName: "undici" });
    });
    const client = await startClient(PLAN, { host: "198.18.0.1", port: 8080 }, host);
    const report = client.go(() => {});
    report.catch(() => {});
    for (let ms = 0; ms < 3 * LONG_MS; ms += 5_000) {
      await vi.advanceTimersByTimeAsync(5_000);
      say({
        type: "progress",
        progress: {
          elapsedMs: 0,
          succeeded: 0,
          failed: 0,
          connections: 0,
          perSec: 0,
          noPort: 0,
          rows: { atMs: [], perSec: [], p50Us: [], p99Us: [] },
        },
      });
    }
    expect(await isOpen(report)).toBe(true);
    await vi.advanceTimersByTimeAsync(LONG_MS);
    await expect(report).rejects.toMatchObject({
      code: "client-died",
      message: expect.stringContaining("it has said nothing for 30 s") as string,
    });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a server that is stopped", () => {
  test("does not keep the run waiting for its count", async () => {
    const { host, say } = hostOf<FromHello>((type, answer) => {
      if (type === "listen") answer({ type: "listening" });
    });
    const started = startEmbedded({ kind: "node", port: 8080, readyTimeoutMs: 5_000 }, host, null);
    await vi.advanceTimersByTimeAsync(1);
    say({ type: "awake" });
    const server = await started;
    const count = server.count();
    count.catch(() => {});
    await vi.advanceTimersByTimeAsync(LONG_MS - 1_000);
    expect(await isOpen(count)).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(count).rejects.toMatchObject({ code: "server-died" });
    expect(vi.getTimerCount()).toBe(0);
  });
});
