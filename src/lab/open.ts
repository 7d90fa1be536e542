import { readSysctl } from "./inside/sysctl.js";
import type { LabPlan } from "../scenario/types.js";
import { AgentHost } from "./host.js";
import { Holder, SMALLEST_HASH } from "./holder.js";
import { Releases } from "./releases.js";
import type { Lab } from "./types.js";
import {
  addressesIn,
  card,
  cardLines,
  NETWORK,
  networkRouteLine,
  ownNetworkLine,
  SILENT_ADDRESS,
  SILENT_NETWORK,
} from "./wiring.js";

export interface LabOptions {
  isolation: "namespace" | "none";
  /** A reading of some host's sampler failed; sampling goes on. */
  onSamplerFault: (message: string) => void;
}

/** All of 127.0.0.0/8 is this host, without being configured. */
const LOOPBACK = "127.0";
/** 8 MB of kernel memory for each host; more would not make lookups quicker. */
const LARGEST_HASH = 1_048_576;
/**
 * Their defaults follow from the size of the socket hash (net/ipv4/tcp_ipv4.c, tcp_set_hashinfo), which a lab makes
 * small on purpose: the machine's own values are put back, unless the scenario says otherwise.
 */
const LIKE_THE_MACHINE = ["net.ipv4.tcp_max_tw_buckets", "net.ipv4.tcp_max_syn_backlog"] as const;

/** A fresh lab: hosts made, wired and set up; TIME_WAIT at zero. @throws BenchError, with nothing left behind */
export async function openLab(plan: LabPlan, options: LabOptions): Promise<Lab> {
  const releases = new Releases();
  try {
    if (options.isolation === "none") return await openWithoutIsolation(releases, options);
    return plan.topology === "loopback"
      ? await openLoopback(plan, releases, options)
      : await openTwoHosts(plan, releases, options);
  } catch (error) {
    await releases.run();
    throw error;
  }
}

async function openTwoHosts(plan: LabPlan, releases: Releases, options: LabOptions): Promise<Lab> {
  const holder = await openHolder(plan, releases);
  const start = (name: "client" | "server"): Promise<AgentHost> =>
    startHost(name, addressesIn(NETWORK[name], plan.addresses[name]), holder.intoNewHost, releases, options);
  const [client, server] = await both(start("client"), start("server"));
  await holder.finish([`link add eth0 netns ${client.pid} type veth peer name eth0 netns ${server.pid}`]);
  const join = (own: AgentHost, other: AgentHost): Promise<void> => {
    const eth0 = card("eth0", own.address, [other.address]);
    return own.wire(["link set lo up", ...cardLines(eth0), ...networkLines(own, [other])], [eth0]);
  };
  await Promise.all([join(client, server), join(server, client)]);
  const [ofClient, ofServer] = await Promise.all([
    client.setUp({ ...likeTheMachine(), ...plan.sysctl.client }),
    server.setUp({ ...likeTheMachine(), ...plan.sysctl.server }),
  ]);
  return {
    isolation: "namespace",
    hosts: { client, server },
    all: new Map([
      ["client", client],
      ["server", server],
    ]),
    shared: false,
    silentAddress: SILENT_ADDRESS,
    silentNetwork: SILENT_NETWORK,
    calibration: { client: ofClient, server: ofServer },
    close: () => releases.run(),
  };
}

async function openLoopback(plan: LabPlan, releases: Releases, options: LabOptions): Promise<Lab> {
  const holder = await openHolder(plan, releases);
  const host = await startHost("loopback", loopbackAddresses(plan), holder.intoNewHost, releases, options);
  await holder.finish([]);
  // One host plays both roles: where the scenario says two things, the server's sysctl is the one that stands.
  await host.wire(["link set lo up"], []);
  const calibration = await host.setUp({
    ...likeTheMachine(),
    ...plan.sysctl.client,
    ...plan.sysctl.server,
  });
  return {
    isolation: "namespace",
    hosts: { client: host, server: host },
    all: new Map([
      ["client", host],
      ["server", host],
    ]),
    shared: true,
    silentAddress: null,
    silentNetwork: null,
    calibration: { client: calibration, server: calibration },
    close: () => releases.run(),
  };
}

/** The machine itself: its settings are never touched. */
async function openWithoutIsolation(releases: Releases, options: LabOptions): Promise<Lab> {
  const host = await startHost("this machine", addressesIn(LOOPBACK, 1), [], releases, options);
  await host.mark();
  return {
    isolation: "none",
    hosts: { client: host, server: host },
    all: new Map([
      ["client", host],
      ["server", host],
    ]),
    shared: true,
    silentAddress: null,
    silentNetwork: null,
    calibration: null,
    close: () => releases.run(),
  };
}

async function openHolder(plan: LabPlan, releases: Releases): Promise<Holder> {
  const holder = await Holder.open(hashFor(plan));
  releases.add(() => holder.kill());
  return holder;
}

/** What a host needs that has several addresses, or meets one that has. */
function networkLines(own: AgentHost, others: readonly AgentHost[]): string[] {
  const several = ({ addresses }: AgentHost): boolean => addresses.length > 1;
  return [
    ...(several(own) ? [ownNetworkLine(own.address)] : []),
    ...others.filter(several).map(({ address }) => networkRouteLine(address)),
  ];
}

/** One host plays both roles: it has as many as the one that has more. */
function loopbackAddresses({ addresses }: LabPlan): string[] {
  return addressesIn(LOOPBACK, Math.max(addresses.client, addresses.server));
}

/** As many buckets as the scenario makes room for in TIME_WAIT: a million in a small table would slow every lookup. */
function hashFor({ sysctl }: LabPlan): number {
  const asked = Object.values(sysctl).map((settings) => Number(settings["net.ipv4.tcp_max_tw_buckets"] ?? 0));
  const most = Math.min(LARGEST_HASH, Math.max(SMALLEST_HASH, ...asked.filter(Number.isFinite)));
  return 2 ** Math.ceil(Math.log2(most));
}

async function startHost(
  name: string,
  addresses: readonly string[],
  wrapper: readonly string[],
  releases: Releases,
  options: LabOptions,
): Promise<AgentHost> {
  const host = await AgentHost.start(name, addresses, wrapper, options.onSamplerFault);
  releases.add(() => host.end());
  return host;
}

/** Waits for both even when one fails, so that the other is registered for release by then. */
async function both<T>(first: Promise<T>, second: Promise<T>): Promise<[T, T]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

function likeTheMachine(): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const key of LIKE_THE_MACHINE) {
    const value = readSysctl(key);
    if (value !== undefined) settings[key] = value;
  }
  return settings;
}
