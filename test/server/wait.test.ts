import { expect, test } from "vitest";
import type { Host, HostProcess, ListeningSocket } from "../../src/lab/types.js";
import { untilReady } from "../../src/server/wait.js";

const before = { address: "198.18.128.2", port: 9000, program: "redis-server" };
const own = { address: "0.0.0.0", port: 9001, program: "nginx" };

function endsAtOnce(listening: readonly ListeningSocket[], already: readonly ListeningSocket[]): Promise<void> {
  const process = { exited: Promise.resolve({ code: 0, signal: null, lastLines: [] }), onLine() {} };
  const host = { address: before.address, listening: () => Promise.resolve([...listening]) };
  return untilReady(process as unknown as HostProcess, new Promise(() => {}), {
    timeoutMs: 60_000,
    where: { host: host as unknown as Host, port: own.port, already },
  });
}

test("what listened before a program was started is not taken for something that it left behind", async () => {
  await expect(endsAtOnce([before], [before])).rejects.not.toThrow("left a program behind");
  await expect(endsAtOnce([before, own], [before])).rejects.toThrow(
    "left a program behind; it listens on 0.0.0.0:9001 (nginx)",
  );
});
