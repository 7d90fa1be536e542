import { expect, test } from "vitest";
import { chooseCables } from "../../src/lab/cables.js";
import { bandLines, countsIn, netemLine } from "../../src/lab/netem.js";

const far = { from: "client", to: "server", delayMs: 10, jitterMs: 0.5, loss: 0.01, duplicate: 0.001, reorder: 0.02 };

test("a card has a band for each host that it may send to, and one for all else", () => {
  expect(bandLines(["02:00:c6:12:00:01", "02:00:c6:12:80:01"])).toEqual([
    "qdisc replace dev eth0 root handle 1: prio bands 3 priomap 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
    "filter add dev eth0 parent 1: protocol all prio 1 flower dst_mac 02:00:c6:12:00:01 classid 1:2",
    "filter add dev eth0 parent 1: protocol all prio 1 flower dst_mac 02:00:c6:12:80:01 classid 1:3",
  ]);
});

test("a netem is told everything each time", () => {
  expect(netemLine({ ...far, bitsPerSec: 10_000_000 }, 0)).toBe(
    "qdisc replace dev eth0 parent 1:2 handle 10: netem delay 10000us 500us loss 1% duplicate 0.1% reorder 2% rate 10000000bit limit 1009",
  );
  const plain = { ...far, delayMs: 0, jitterMs: 0, loss: 0, duplicate: 0, reorder: 0, bitsPerSec: null };
  expect(netemLine(plain, 9)).toBe(
    "qdisc replace dev eth0 parent 1:b handle 19: netem delay 0us 0us loss 0% duplicate 0% rate 0bit limit 101000",
  );
});

test("what it counts is read from tc", () => {
  const shown = JSON.stringify([
    { kind: "prio", handle: "1:", root: true, packets: 70, drops: 3 },
    { kind: "netem", handle: "10:", parent: "1:2", packets: 60, drops: 2 },
    { kind: "netem", handle: "11:", parent: "1:3", packets: 10, drops: 1 },
  ]);
  const way = { from: "client", to: "third" };
  expect(countsIn(shown, way, 1)).toMatchObject({ ...way, carried: 10, lost: 1, duplicated: null });
  expect(() => countsIn("[]", way, 1)).toThrow("did not show");
});

test("auto does not ask netem for frames that come twice among several hosts, which newer kernels refuse", async () => {
  const asked: string[] = [];
  const host = {
    spawn({ label }: { label: string }) {
      asked.push(label);
      return Promise.reject(new Error("asked"));
    },
  };
  const links = [{ ...far, bitsPerSec: null }];
  expect(await chooseCables(host, "auto", { links, hosts: 3 })).toBe("forwarder");
  expect(asked).toEqual([]);
  await expect(chooseCables(host, "auto", { links, hosts: 2 })).rejects.toThrow("asked");
  await expect(chooseCables(host, "netem", { links, hosts: 3 })).rejects.toThrow("asked");
});
