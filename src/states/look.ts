import { ALL_STATES, AF_INET } from "../kernel/sock-diag.js";
import { readPopulation } from "../sampler/population.js";
import { NET, readLocalPorts } from "../sampler/read.js";
import { LISTENERS, NetlinkTable } from "../sampler/table-by-netlink.js";
import { readTextFamily } from "../sampler/table-by-text.js";
import type { Population } from "../sampler/types.js";
import { type FamilyName, Tally } from "./tally.js";
import type { LookRequest, Reading, SocketTable } from "./types.js";

/** Up to so many sockets are read to the last one without being asked: some 20 ms. */
const MANY = 50_000;
/** Of more, so many datagrams: 20,000 sockets and some 8 ms, and no share is then off by more than 0.7 points in 100. */
const SAMPLE_DATAGRAMS = 64;
const LISTEN = 10;
/** Where another namespace's own cannot be read: the kernel's default (net/ipv4/af_inet.c, inet_init_net). */
const DEFAULT_RANGE = { low: 32_768, high: 60_999 };

/** The namespace that this process is in. @throws where there is no /proc/net */
export async function lookHere(request: LookRequest): Promise<Reading> {
  const population = readPopulation();
  const range = readLocalPorts() ?? DEFAULT_RANGE;
  let table: NetlinkTable;
  try {
    table = await NetlinkTable.open([]);
  } catch (error) {
    // No koffi for this platform, a kernel without tcp_diag, a sandbox that forbids netlink.
    return byText(population, NET, range, request, [`sock_diag does not work here: ${(error as Error).message}`]);
  }
  try {
    return { population, table: await byNetlink(population, table, range, request), notes: [] };
  } finally {
    table.close();
  }
}

/** The namespace of another process, from outside: anybody may read these files. @throws where they are not there */
export function lookFromOutside(pid: number, why: string, request: LookRequest): Promise<Reading> {
  const net = `/proc/${pid}/net/`;
  return byText(readPopulation(net), net, DEFAULT_RANGE, request, [why]);
}

type Range = { low: number; high: number };

async function byNetlink(
  population: Population,
  table: NetlinkTable,
  range: Range,
  { ports, full }: LookRequest,
): Promise<SocketTable> {
  const listening: { family: FamilyName; port: number }[] = [];
  let costMs = await table.dump(LISTENERS, (socket) =>
    listening.push({ family: familyOf(socket.family), port: socket.localPort }),
  );
  const tally = new Tally(
    listening.map(({ port }) => port),
    range,
  );
  for (const { family, port } of listening)
    if (ports.length === 0 || ports.includes(port)) tally.add(family, LISTEN, port, 0, 0);

  const states = ALL_STATES & ~LISTENERS;
  const add: Parameters<NetlinkTable["dump"]>[1] = (socket) =>
    tally.add(familyOf(socket.family), socket.state, socket.localPort, socket.remotePort, socket.expiresMs);
  if (ports.length === 0 && !full && isLarge(population)) {
    const sample = await table.sample(states, SAMPLE_DATAGRAMS, add);
    return { source: "netlink", costMs: costMs + sample.costMs, complete: sample.complete, ...tally.result() };
  }
  const filtered = ports.length === 0 ? table : await NetlinkTable.open(ports);
  try {
    costMs += await filtered.dump(states, add);
  } finally {
    filtered.close();
  }
  return { source: "netlink", costMs, complete: true, ...tally.result() };
}

/** Listeners have to be known before the first connection is counted, and those of tcp6 come after those of tcp. */
async function byText(
  population: Population,
  net: string,
  range: Range,
  { ports, full }: LookRequest,
  notes: string[],
): Promise<Reading> {
  if (!full && isLarge(population)) return { population, table: null, notes };
  const sockets: [FamilyName, number, number, number, number][] = [];
  const keep = (family: FamilyName) => ({
    add: (state: number, local: number, remote: number, leftMs: number): void =>
      void sockets.push([family, state, local, remote, leftMs]),
  });
  const costMs = (await readTextFamily("tcp", keep("ipv4"), net)) + (await readTextFamily("tcp6", keep("ipv6"), net));
  const tally = new Tally(
    sockets.filter(([, state]) => state === LISTEN).map(([, , local]) => local),
    range,
  );
  for (const [family, state, local, remote, leftMs] of sockets)
    if (ports.length === 0 || ports.includes(local) || ports.includes(remote))
      tally.add(family, state, local, remote, leftMs);
  return { population, table: { source: "proc", costMs, complete: true, ...tally.result() }, notes };
}

function isLarge({ timeWait, inUse }: Population): boolean {
  return timeWait + inUse.ipv4 + inUse.ipv6 > MANY;
}

function familyOf(family: number): FamilyName {
  return family === AF_INET ? "ipv4" : "ipv6";
}
