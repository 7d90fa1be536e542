import { onTestFinished, expect, test } from "vitest";
import { Gauge } from "../../src/sampler/gauge.js";
import { readCounters, readTimeWait } from "../../src/sampler/read.js";
import { labForTest } from "../end-to-end/lab.js";
import { puppetOn } from "./puppets.js";

function openGauge(): Gauge {
  const gauge = new Gauge();
  onTestFinished(() => gauge.close());
  return gauge;
}

test("reads what the whole files say around that moment, again and again", () => {
  const gauge = openGauge();
  for (let round = 0; round < 20; round++) {
    const before = readCounters()["TcpExt:TW"]!;
    const { timeWaitCreated } = gauge.read();
    expect(timeWaitCreated).toBeGreaterThanOrEqual(before);
    expect(timeWaitCreated).toBeLessThanOrEqual(readCounters()["TcpExt:TW"]!);
  }
});

test("sees on its host what has happened since it was opened", async () => {
  // So that a reset that answers a late retransmission ends no TIME_WAIT.
  const lab = await labForTest({ sysctl: { client: {}, server: { "net.ipv4.tcp_rfc1337": "1" } } });
  const [a, b] = await Promise.all([puppetOn(lab.hosts.server), puppetOn(lab.hosts.client)]);
  const before = await a("gauge", {});
  await a("listen", { host: "0.0.0.0", port: 8080, ipv6Only: false });
  await b("connect", { tag: "stays", count: 5, host: lab.hosts.server.address, port: 8080, answered: true });
  await b("connect", { tag: "goes", count: 7, host: lab.hosts.server.address, port: 8080, answered: true });
  await a("until", { tag: "goes", count: 7, ended: false });
  await a("end", { tag: "goes" });
  await b("until", { tag: "goes", count: 7, ended: true });
  await b("end", { tag: "goes" });
  await a("until", { tag: "goes", count: 7, ended: true });
  const after = await a("gauge", {});
  expect(after).toMatchObject({ timeWait: before.timeWait + 7, established: before.established! + 5 });
  expect(after.timeWaitCreated! - before.timeWaitCreated!).toBe(7);
});

test("without counters it is the population alone", () => {
  expect(openGauge().read(false)).toEqual({
    timeWait: expect.any(Number) as number,
    established: null,
    timeWaitCreated: null,
  });
});

test("goes on after it was closed", () => {
  const gauge = openGauge();
  gauge.read();
  gauge.close();
  expect(Math.abs(gauge.read().timeWait - readTimeWait())).toBeLessThan(1_000);
});
