import { expect, test } from "vitest";
import { difference } from "../../src/stats/difference.js";
import type { SampleMessage } from "../../src/sampler/types.js";
import { helloServer, labForTest, makeLoad, seenBySs } from "./lab.js";

/** A prime, so that no multiple of anything comes out the same by accident. */
const CLOSES = 23;

test.each([
  { closer: "server", atServer: CLOSES, atClient: 0 },
  { closer: "client", atServer: 0, atClient: CLOSES },
] as const)("23 connections that the $closer closes: 23 in TIME_WAIT there, none at the other", async (known) => {
  const lab = await labForTest();
  const server = await helloServer(lab);
  const { client: clientHost, server: serverHost } = lab.hosts;
  const before = { client: await clientHost.snapshot(), server: await serverHost.snapshot() };

  const report = await makeLoad(lab, server, { requests: CLOSES, closer: known.closer });

  const created = async (side: "client" | "server"): Promise<number> => {
    const after = await lab.hosts[side].snapshot();
    return difference(before[side].counters!, after.counters!)["TcpExt:TW"] ?? 0;
  };
  expect(report.requests).toEqual({ sent: CLOSES, succeeded: CLOSES, failed: 0 });
  expect(report.connections.opened).toBe(CLOSES);
  expect(await created("server")).toBe(known.atServer);
  expect(await created("client")).toBe(known.atClient);
  expect((await serverHost.snapshot()).timeWait).toBe(known.atServer);
  expect((await clientHost.snapshot()).timeWait).toBe(known.atClient);
  expect(await seenBySs(serverHost, "time-wait")).toBe(known.atServer);
  expect(await seenBySs(clientHost, "time-wait")).toBe(known.atClient);
});

test("while TIME_WAIT grows, ss in the server's namespace sees what the samples around that moment say", async () => {
  const lab = await labForTest();
  const server = await helloServer(lab);
  const samples: SampleMessage[] = [];
  await lab.hosts.server.startSampling(
    { everyMs: 20, tableEveryMs: 200, serverPort: server.port, shared: false },
    (sample) => samples.push(sample),
  );
  const load = makeLoad(lab, server, { connections: 10, durationMs: 1_500 });
  const looks: { fromMs: number; toMs: number; count: number }[] = [];
  for (let look = 0; look < 5; look++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const fromMs = (await lab.hosts.server.snapshot()).atMs;
    const count = await seenBySs(lab.hosts.server, "time-wait");
    const toMs = (await lab.hosts.server.snapshot()).atMs;
    looks.push({ fromMs, toMs, count });
  }
  await load;
  await lab.hosts.server.stopSampling();

  const gauges = samples.filter((sample) => sample.kind === "gauge");
  for (const { fromMs, toMs, count } of looks) {
    const before = gauges.findLast(({ atMs }) => atMs < fromMs);
    const after = gauges.find(({ atMs }) => atMs > toMs);
    // The population only grows while the load lasts; `tw` also holds half-closed sockets for a moment: one a
    // connection at the most.
    expect(count).toBeGreaterThanOrEqual(before!.timeWait - 10);
    expect(count).toBeLessThanOrEqual(after!.timeWait + 10);
  }
  expect(looks.at(-1)!.count).toBeGreaterThan(looks[0]!.count);

  // At rest the gauge, the table and ss agree to the socket.
  const table = samples.findLast((sample) => sample.kind === "table")!;
  const atRest = await seenBySs(lab.hosts.server, "time-wait");
  expect(table.sides.server.time_wait).toBe(atRest);
  expect(gauges.at(-1)!.timeWait).toBe(atRest);
});
