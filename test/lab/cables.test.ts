import { expect, onTestFinished, test } from "vitest";
import { BenchError } from "../../src/errors.js";
import { openLab } from "../../src/lab/open.js";
import type { Host, Lab } from "../../src/lab/types.js";
import type { LabPlan, LinkPlan } from "../../src/scenario/types.js";
import { commandLineOf, descendantsOf } from "../../src/waiting/process-tree.js";
import { helloServer, labForTest, makeLoad } from "../end-to-end/lab.js";
import { skipUnlessKernel } from "../support/skip.js";

const PORT = 8080;

const link = (from: string, to: string, does: Partial<LinkPlan>): LinkPlan => ({
  from,
  to,
  delayMs: 0,
  jitterMs: 0,
  loss: 0,
  duplicate: 0,
  reorder: 0,
  bitsPerSec: null,
  ...does,
});
const both = (does: Partial<LinkPlan>): Partial<LabPlan> => ({
  links: [link("client", "server", does), link("server", "client", does)],
  linksBy: "forwarder",
});

/** Frames that a host's card has sent and got. */
async function framesOf(host: Host): Promise<{ sent: number; got: number }> {
  const number = async (way: string): Promise<number> => {
    const command = `ip -s -j link show eth0`;
    const find = String.raw`"${way}":\{"bytes":\d+,"packets":(\d+)`;
    const asked = { command, cwd: "/", env: {}, count: null, number: find, timeoutMs: 5_000 };
    return Number((await host.run(asked))["number"]);
  };
  return { sent: await number("tx"), got: await number("rx") };
}

/** The process that carries frames. */
function carrier(): number {
  const own = descendantsOf(String(process.pid)).map(({ pid }) => pid);
  const found = own.filter((pid) => commandLineOf(pid).some((word) => word.endsWith("dist/cable/main.js")));
  expect(found).toHaveLength(1);
  return Number(found[0]);
}

async function get(lab: Lab, from: Host, timeoutMs: number): Promise<number> {
  const beganMs = performance.now();
  await from.waitUntilReady({ by: "http", path: "/", host: lab.front.address, port: PORT, timeoutMs });
  return performance.now() - beganMs;
}

test("what is lost and comes twice is counted alike by both hosts and by the cable", async () => {
  const lab = await labForTest(both({ delayMs: 2, jitterMs: 1, loss: 0.03, duplicate: 0.05, reorder: 0.02 }));
  await helloServer(lab);
  const report = await makeLoad(
    lab,
    { host: lab.front.address, port: PORT },
    { requests: 200, connection: "keep-alive", connections: 5, requestsPerConnection: null, timeoutMs: 10_000 },
  );
  expect(report.requests).toEqual({ sent: 200, succeeded: 200, failed: 0 });
  // What was lost is sent again for as long as it is not acknowledged: a moment at which nothing is under way.
  await expect
    .poll(
      async () => {
        const [client, server] = await Promise.all([framesOf(lab.hosts.client), framesOf(lab.hosts.server)]);
        const counts = await lab.cables!.counts();
        return counts.map(({ from, frames, lost, duplicated, overflowed, carried }) => {
          const [sender, receiver] = from === "client" ? [client, server] : [server, client];
          return {
            allCameIn: frames === sender.sent,
            allWentOut: carried === frames! - lost + duplicated! - overflowed!,
            allArrived: carried === receiver.got,
            some: lost > 0 && duplicated! > 0,
            overflowed,
          };
        });
      },
      { timeout: 10_000 },
    )
    .toEqual(
      Array.from({ length: 2 }, () => ({
        allCameIn: true,
        allWentOut: true,
        allArrived: true,
        some: true,
        overflowed: 0,
      })),
    );
});

test.for(["forwarder", "netem"] as const)(
  "by %s an answer takes a round trip more, and a step changes that",
  async (by, context) => {
    const opened = await labForTest({ ...both({ delayMs: 40 }), linksBy: by }).catch((error: BenchError) => error);
    // Its one reason: what it lacks is said before anything else is tried.
    const hasIt =
      by !== "netem" || !(opened instanceof BenchError && opened.message.startsWith("this kernel has no netem"));
    skipUnlessKernel(context, hasIt, "netem");
    if (opened instanceof Error) throw opened;
    const lab = opened;
    await helloServer(lab);
    expect(lab.cables).toMatchObject({ by, links: both({ delayMs: 40 }).links });
    const { client } = lab.hosts;
    // SYN and SYN+ACK, request and answer.
    expect(await get(lab, client, 5_000)).toBeGreaterThanOrEqual(160);
    await lab.cables!.change([{ from: "client", to: "server", loss: 1 }]);
    await expect(get(lab, client, 500)).rejects.toThrow("in time");
    await lab.cables!.change([{ from: "client", to: "server", loss: 0, delayMs: 0 }]);
    expect(await get(lab, client, 5_000)).toBeGreaterThanOrEqual(80);
    const [there, back] = await lab.cables!.counts();
    expect(there!.lost).toBeGreaterThan(0);
    expect(back!.lost).toBe(0);
  },
);

test("of several hosts each pair has its own cable, and one that is cut off is silent", async () => {
  const lab = await labForTest({
    topology: "hosts",
    hosts: { client: { programs: [] }, server: { programs: [] }, third: { programs: [] } },
    addresses: { client: 1, server: 300 },
    links: [link("third", "server", { delayMs: 100 })],
    linksBy: "forwarder",
  });
  await helloServer(lab);
  const third = lab.all.get("third")!;
  await get(lab, lab.hosts.client, 5_000);
  expect(await get(lab, third, 5_000)).toBeGreaterThanOrEqual(200);
  expect(await lab.cables!.counts()).toMatchObject([{ from: "third", to: "server", lost: 0 }]);
  const last = { by: "tcp", host: lab.hosts.server.addresses.at(-1)!, port: PORT, timeoutMs: 5_000 } as const;
  await lab.hosts.client.waitUntilReady(last);
  await lab.hosts.client.link("down");
  await expect(get(lab, lab.hosts.client, 500)).rejects.toThrow("in time");
  await get(lab, third, 5_000);
  await lab.hosts.client.link("up");
  await get(lab, lab.hosts.client, 5_000);
});

test("what comes while nobody takes it is counted as missed, and not as carried", async () => {
  const lab = await labForTest(both({}));
  const { client, server } = lab.hosts;
  const pid = carrier();
  process.kill(pid, "SIGSTOP");
  // More than the 4,096 places of a port.
  const flood = `bash -c 'for _ in {1..6000}; do echo > /dev/udp/${server.address}/9; done'`;
  await client.run({ command: flood, cwd: "/", env: {}, count: null, number: null, timeoutMs: 60_000 });
  process.kill(pid, "SIGCONT");
  await expect
    .poll(
      async () => {
        const { sent } = await framesOf(client);
        const [{ frames, missed } = { frames: 0, missed: 0 }] = await lab.cables!.counts();
        return {
          flooded: sent >= 6000,
          allCounted: sent === frames! + missed!,
          some: missed! >= 6000 - 4096,
        };
      },
      { timeout: 10_000 },
    )
    .toEqual({ flooded: true, allCounted: true, some: true });
});

test("when the process that carries frames is killed, the lab is lost", async () => {
  let onLost!: (error: BenchError) => void;
  const lost = new Promise<BenchError>((resolve) => (onLost = resolve));
  const plan: LabPlan = {
    topology: "two-hosts",
    addresses: { client: 1, server: 1 },
    memoryBytes: null,
    sysctl: { client: {}, server: {} },
    ...both({ delayMs: 1 }),
  };
  const lab = await openLab(plan, { isolation: "namespace", onSamplerFault: () => {}, onLost });
  onTestFinished(() => lab.close());
  process.kill(carrier(), "SIGKILL");
  expect(await lost).toMatchObject({ code: "lab-failed" });
});
