import { ALL_STATES, AF_INET } from "../kernel/sock-diag.js";
import { readPopulation } from "../sampler/population.js";
import { NET, readLocalPorts } from "../sampler/read.js";
import { LISTENERS, NetlinkTable } from "../sampler/table-by-netlink.js";
import { readTextFamily } from "../sampler/table-by-text.js";
import type { Population } from "../sampler/types.js";
import { type FamilyName, Tally } from "./tally.js";
import type { LookRequest, Reading, SocketTable } from "./types.js";

const TIME_WAIT = 6;
const FIN_WAIT2 = 5;
const LISTEN = 10;
/** See `DiagSocket.timer`: what is left of a socket whose program has closed it. */
const TIME_WAIT_TIMER = 3;
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
export async function lookFromOutside(pid: number, why: string, request: LookRequest): Promise<Reading> {
  const net = `/proc/${pid}/net/`;
  return byText(readPopulation(net), net, DEFAULT_RANGE, request, [why]);
}

type Range = { low: number; high: number };

/** null when there are too many sockets of other states than TIME_WAIT. */
async function byNetlink(
  population: Population,
  table: NetlinkTable,
  range: Range,
  { ports, most }: LookRequest,
): Promise<SocketTable | null> {
  // Of a few ports the kernel hands over a few sockets, however many there are.
  const isLarge = ports.length === 0 && isMore(population, most);
  if (isLarge && isMore({ ...population, timeWait: 0 }, most)) return null;
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

  let closedFinWait2 = 0;
  const add: Parameters<NetlinkTable["dump"]>[1] = (socket) => {
    if (socket.state === FIN_WAIT2 && socket.timer === TIME_WAIT_TIMER) closedFinWait2++;
    tally.add(familyOf(socket.family), socket.state, socket.localPort, socket.remotePort, socket.expiresMs);
  };
  const states = ALL_STATES & ~LISTENERS & ~(isLarge ? 1 << TIME_WAIT : 0);
  costMs += ports.length === 0 ? await table.dumpBoth(states, add) : await dumpPorts(ports, states, add);
  // The kernel's count has them all, see `Population`.
  const timeWaitUnread = isLarge ? Math.max(0, population.timeWait - closedFinWait2) : null;
  return { source: "netlink", costMs, timeWaitUnread, ...tally.result() };
}

async function dumpPorts(
  ports: readonly number[],
  states: number,
  add: Parameters<NetlinkTable["dump"]>[1],
): Promise<number> {
  const table = await NetlinkTable.open(ports);
  try {
    return await table.dump(states, add);
  } finally {
    table.close();
  }
}

/** Listeners have to be known before the first connection is counted, and those of tcp6 come after those of tcp. */
async function byText(
  population: Population,
  net: string,
  range: Range,
  { ports, most }: LookRequest,
  notes: string[],
): Promise<Reading> {
  // Whatever is left out, the kernel writes down a line for each socket.
  if (isMore(population, most)) return { population, table: null, notes };
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
  return { population, table: { source: "proc", costMs, timeWaitUnread: null, ...tally.result() }, notes };
}

function isMore({ timeWait, inUse }: Pick<Population, "timeWait" | "inUse">, most: number | null): boolean {
  return most !== null && timeWait + inUse.ipv4 + inUse.ipv6 > most;
}

function familyOf(family: number): FamilyName {
  return family === AF_INET ? "ipv4" : "ipv6";
}
