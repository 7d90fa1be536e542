import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { monotonicMs } from "../kernel/clock.js";
import { ALL_STATES } from "../kernel/sock-diag.js";
import { portRange } from "../links/port-limit.js";
import { readPopulation } from "../sampler/population.js";
import { NET, readCounters, readLocalPorts } from "../sampler/read.js";
import { openTable, type Table } from "../sampler/table.js";
import { LISTENERS, NetlinkTable } from "../sampler/table-by-netlink.js";
import { readTextFamily } from "../sampler/table-by-text.js";
import { Gather, type OneSocket } from "./gather.js";
import { Owners } from "./owners.js";
import type { Kept, Listener, Note, ReadRequest, Seen } from "./types.js";

const LISTEN = 10;
/** Where another namespace's own cannot be read: the kernel's default (net/ipv4/af_inet.c, inet_init_net). */
const DEFAULT_RANGE = { low: 32_768, high: 60_999 };
/** So many links stand for themselves, and so many ports for the others. */
const MOST_LINKS = 30;
const MOST_LISTENERS = 10;
const SYSCTLS = [
  "ip_local_port_range",
  "ip_local_reserved_ports",
  "tcp_tw_reuse",
  "tcp_tw_reuse_delay",
  "tcp_timestamps",
  "tcp_max_tw_buckets",
];

/** Reads one namespace again and again, and remembers what one reading alone does not tell. */
export class Eye {
  #followed = new Map<number, number>();
  readonly #owners = new Owners();
  #table: Table | null = null;

  /** The namespace that this process is in. @throws where there is no /proc/net */
  async lookHere(request: ReadRequest): Promise<Seen> {
    const before = process.cpuUsage();
    const seen = await this.#look(request);
    const kept = request.records === true ? { kept: await this.#keep() } : {};
    const { user, system } = process.cpuUsage(before);
    // What it takes from others: not the time for which they kept it waiting.
    return { ...seen, ...kept, costMs: (user + system) / 1000 };
  }

  /** Every socket by what it belongs to, as samplers of a run read it. */
  async #keep(): Promise<Kept> {
    this.#table ??= await openTable();
    const atMs = monotonicMs();
    // Close to the table: what a busy namespace did in between would be told of as if a reset had ended it.
    const counters = readCounters();
    const { timeWait } = readPopulation();
    const { ends, costMs } = await this.#table.read();
    const addresses = Object.values(networkInterfaces()).flatMap((cards) =>
      (cards ?? []).map(({ address }) => address),
    );
    const snapshot = {
      atMs,
      counters,
      timeWait,
      ends,
      cpu: {},
      localPorts: readLocalPorts(),
    };
    return { snapshot, source: this.#table.source, costMs, addresses };
  }

  async #look({ ports }: ReadRequest): Promise<Seen> {
    const seen = { population: readPopulation(), counters: readCounters(), sysctls: readSysctls() };
    let table: NetlinkTable;
    try {
      table = await NetlinkTable.open(ports);
    } catch (error) {
      const cause = (error as Error).message;
      return { ...seen, ...(await this.#byText(NET, seen.sysctls, ports)), notes: [{ code: "sock-diag", cause }] };
    }
    try {
      return { ...seen, ...(await this.#byNetlink(table, seen.sysctls, ports)), notes: [] };
    } finally {
      table.close();
    }
  }

  /** That of another process, from outside: anybody may read these files, but for settings and queues. @throws */
  async lookFromOutside(pid: number, why: Note, { ports }: ReadRequest): Promise<Seen> {
    const net = `/proc/${pid}/net/`;
    const seen = { population: readPopulation(net), counters: readCounters(net), sysctls: {} };
    const notes: Note[] = [why, { code: "no-forecast" }];
    return { ...seen, ...(await this.#byText(net, {}, ports)), notes };
  }

  async #byNetlink(table: NetlinkTable, sysctls: Seen["sysctls"], ports: readonly number[]): Promise<Read> {
    const queues: Listener[] = [];
    let costMs = await table.dump(LISTENERS, ({ localPort, receiveQueue, sendQueue, inode }) =>
      queues.push({ port: localPort, waiting: receiveQueue, room: sendQueue, inode }),
    );
    const gather = this.#gather(
      queues.map(({ port }) => port),
      sysctls,
    );
    const states = ALL_STATES & ~LISTENERS;
    const add = (socket: OneSocket): void => gather.add(socket);
    costMs += ports.length === 0 ? await table.dumpBoth(states, add) : await table.dump(states, add);
    const listeners = queues
      .toSorted((a, b) => b.waiting / (b.room + 1) - a.waiting / (a.room + 1) || a.port - b.port)
      .slice(0, MOST_LISTENERS);
    return this.#read(gather, { source: "netlink", costMs, sockets: gather.sockets + queues.length, listeners });
  }

  /** Listeners have to be known before the first connection is counted, and those of tcp6 come after those of tcp. */
  async #byText(net: string, sysctls: Seen["sysctls"], ports: readonly number[]): Promise<Read> {
    const sockets: OneSocket[] = [];
    const sink: Parameters<typeof readTextFamily>[1] = {
      add: (...[state, localPort, remotePort, expiresMs, localKey, remoteKey]) =>
        void sockets.push({ state, localPort, remotePort, expiresMs, localKey, remoteKey, inode: 0 }),
    };
    const costMs = (await readTextFamily("tcp", sink, net)) + (await readTextFamily("tcp6", sink, net));
    const listening = sockets.filter(({ state }) => state === LISTEN).map(({ localPort }) => localPort);
    const gather = this.#gather(listening, sysctls);
    for (const one of sockets)
      if (ports.length === 0 || ports.includes(one.localPort) || ports.includes(one.remotePort)) gather.add(one);
    return this.#read(gather, { source: "proc", costMs, sockets: gather.sockets, listeners: [] });
  }

  #gather(listening: readonly number[], sysctls: Seen["sysctls"]): Gather {
    const range = portRange(sysctls["net.ipv4.ip_local_port_range"]) ?? DEFAULT_RANGE;
    return new Gather(listening, range, { before: this.#followed, nowMs: monotonicMs() });
  }

  #read(gather: Gather, how: Pick<Seen, "source" | "costMs" | "sockets" | "listeners">): Read {
    const links = gather.links(MOST_LINKS);
    this.#followed = gather.followed;
    const inodes = [...links.flatMap((link) => link.inodes), ...how.listeners.map(({ inode }) => inode)];
    return { ...how, links, owners: this.#owners.of(inodes, monotonicMs()) };
  }
}

type Read = Pick<Seen, "source" | "costMs" | "sockets" | "listeners" | "links" | "owners">;

/** A namespace's own stand under /proc/sys for the processes in it alone (net/sysctl_net.c). */
function readSysctls(): Record<string, string> {
  return Object.fromEntries(
    SYSCTLS.flatMap((name) => {
      try {
        return [[`net.ipv4.${name}`, readFileSync(`/proc/sys/net/ipv4/${name}`, "latin1").trim()]];
      } catch {
        return [];
      }
    }),
  );
}
