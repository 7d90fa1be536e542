import type { DirectionCounts } from "../cable/types.js";
import { BenchError } from "../errors.js";
import type { LinkPlan } from "../scenario/types.js";
import { LinkBook } from "./cables.js";
import type { AgentHost } from "./host.js";
import { runTool } from "./tool-on-host.js";
import type { Cables } from "./types.js";
import { hardwareOf } from "./wiring.js";

/** prio has at most 16 bands, and the first is for whatever no link is about (net/sched/sch_prio.c). */
const MOST_PEERS = 15;
/** Frames that are on the cable, or wait before it; without a rate none has to wait. */
const ON_A_CABLE = 100_000;
const WAITING_FRAMES = 1000;
const FRAME_BITS = 1514 * 8;
/** On lines of its own each: very long ones are cut. */
const SHOW = ["-s", "-j", "-p", "qdisc", "show", "dev", "eth0"];

/**
 * The kernel's own, on each host's card: one band with a netem for each host that it may send to.
 * @throws BenchError `lab-failed`
 */
export async function layNetem(hosts: ReadonlyMap<string, AgentHost>, links: readonly LinkPlan[]): Promise<Cables> {
  const book = new LinkBook(links);
  if (hosts.size - 1 > MOST_PEERS)
    throw failed(`a host can have links to ${MOST_PEERS} others, and there are ${hosts.size - 1}`);
  const peersOf = (name: string): string[] => [...hosts.keys()].filter((other) => other !== name);
  const run = (on: string, lines: readonly string[]): Promise<void> => tc(hosts.get(on)!, lines);
  await Promise.all(
    [...hosts.keys()].map((name) =>
      run(name, bandLines(peersOf(name).map((peer) => hardwareOf(hosts.get(peer)!.address)))),
    ),
  );
  const put = async (changed: readonly LinkPlan[]): Promise<void> => {
    for (const link of changed) await run(link.from, [netemLine(link, peersOf(link.from).indexOf(link.to))]);
  };
  await put(links);
  return {
    by: "netem",
    get links() {
      return book.links;
    },
    change: (changes) => put(book.change(changes)),
    async counts() {
      const all = book.links.map(async ({ from, to }) => {
        const { lack, lines } = await runTool(hosts.get(from)!, "tc", SHOW);
        if (lack !== null) throw failed(lack);
        return countsIn(lines.join("\n"), { from, to }, peersOf(from).indexOf(to));
      });
      return Promise.all(all);
    },
  };
}

/** Pure. @param peers hardware addresses, in the order of their bands */
export function bandLines(peers: readonly string[]): string[] {
  return [
    `qdisc replace dev eth0 root handle 1: prio bands ${peers.length + 1} priomap${" 0".repeat(16)}`,
    ...peers.map(
      (hardware, at) =>
        `filter add dev eth0 parent 1: protocol all prio 1 flower dst_mac ${hardware} classid 1:${band(at)}`,
    ),
  ];
}

/** Pure. All of it is said each time: what is left out would stay as it was (netem_change). */
export function netemLine({ delayMs, jitterMs, loss, duplicate, reorder, bitsPerSec }: LinkPlan, at: number): string {
  const onTheWay = bitsPerSec === null ? ON_A_CABLE : Math.ceil((bitsPerSec * delayMs) / 1000 / FRAME_BITS);
  const times = `delay ${Math.round(delayMs * 1000)}us ${Math.round(jitterMs * 1000)}us`;
  const shares = `loss ${loss * 100}% duplicate ${duplicate * 100}%`;
  const rest = `${delayMs > 0 ? `reorder ${reorder * 100}% ` : ""}rate ${bitsPerSec ?? 0}bit`;
  const limit = `limit ${onTheWay + WAITING_FRAMES}`;
  return `qdisc replace dev eth0 parent 1:${band(at)} handle ${handle(at)}: netem ${times} ${shares} ${rest} ${limit}`;
}

/** Pure. Of `tc -s -j qdisc show dev eth0`. @throws BenchError `lab-failed` where it does not say */
export function countsIn(shown: string, way: Pick<LinkPlan, "from" | "to">, at: number): DirectionCounts {
  const qdiscs = JSON.parse(shown) as { kind: string; handle: string; packets?: number; drops?: number }[];
  const own = qdiscs.find(({ kind, handle: given }) => kind === "netem" && given === `${handle(at)}:`);
  if (own?.packets === undefined || own.drops === undefined) throw failed("tc did not show what it has counted");
  return {
    ...way,
    frames: null,
    carried: own.packets,
    lost: own.drops,
    duplicated: null,
    reordered: null,
    missed: null,
    overflowed: null,
    lateP50Us: null,
    lateP99Us: null,
  };
}

/** Numbers of bands and handles are hexadecimal, and bands begin with 1. */
function band(at: number): string {
  return (at + 2).toString(16);
}

function handle(at: number): string {
  return (at + 0x10).toString(16);
}

async function tc(host: AgentHost, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const { lack } = await runTool(host, "tc", line.split(" "));
    if (lack !== null) throw failed(`tc ${line}: ${lack}`);
  }
}

function failed(cause: string): BenchError {
  return new BenchError(
    "lab-failed",
    `netem could not be set up: ${cause}`,
    "Write `linksBy: forwarder`, which needs no part of the kernel that may be missing.",
  );
}
