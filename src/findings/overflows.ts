import type { Variant } from "../scenario/types.js";
import type { Sighting } from "./sighting.js";
import type { HostColumns, KernelView, MeasuredTrial } from "./types.js";

/** Counts sockets that should have entered TIME_WAIT and did not, because of `net.ipv4.tcp_max_tw_buckets`. */
export const OVERFLOW = "TcpExt:TCPTimeWaitOverflow";

/** Connections tracked, of those the kernel has room for. */
const TRACKED = 0.9;

interface SeenHost {
  name: string;
  kernel: KernelView | null;
  columns: HostColumns | null;
}

/** What overflowed on the hosts of a lab, and of what only they know: nothing where strangers share their counters. */
export function overflows(trial: MeasuredTrial, { lab }: Variant, isolated: boolean): Sighting[] {
  const hosts = hostsOf(trial, lab.topology === "loopback" || !isolated);
  return [
    ...(isolated ? hosts.flatMap(acceptQueue) : []),
    ...(isolated ? hosts.flatMap((host) => buckets(host, trial)) : []),
    ...hosts.flatMap(conntrack),
  ];
}

/** One host that plays both roles is there once. */
export function hostsOf(trial: MeasuredTrial, shared: boolean): SeenHost[] {
  const { kernel, otherKernels, timeline } = trial;
  const role = (name: "client" | "server"): SeenHost => ({ name, kernel: kernel[name], columns: timeline[name] });
  if (shared) return [{ ...role("server"), name: "the host", columns: timeline.client ?? timeline.server }];
  const names = new Set([...Object.keys(otherKernels ?? {}), ...Object.keys(timeline.others ?? {})]);
  const others = [...names].map((name) => ({
    name,
    kernel: otherKernels?.[name] ?? null,
    columns: timeline.others?.[name] ?? null,
  }));
  return [role("client"), role("server"), ...others];
}

const NOWHERE = { step: null, link: null };

/** net/ipv4/tcp_ipv4.c, tcp_v4_syn_recv_sock() */
function acceptQueue({ name: host, kernel }: SeenHost): Sighting[] {
  const overflowed = kernel?.counters["TcpExt:ListenOverflows"] ?? 0;
  const drops = kernel?.counters["TcpExt:ListenDrops"] ?? 0;
  const size = overflowed + drops;
  if (size === 0) return [];
  const figures = { host, overflows: overflowed, drops };
  return [{ code: "listen-overflow", severity: "problem", ...NOWHERE, figures, size }];
}

/** net/ipv4/inet_timewait_sock.c, inet_twsk_alloc() */
function buckets({ name: host, kernel }: SeenHost, { hosts, timeWait }: MeasuredTrial): Sighting[] {
  const refused = kernel?.counters[OVERFLOW] ?? 0;
  if (kernel === null || refused === 0) return [];
  const text = kernel.sysctls["net.ipv4.tcp_max_tw_buckets"];
  const role = host === "client" || host === "server" ? host : null;
  const peak = hosts?.[host]?.timeWait.peak ?? (role === null ? null : (timeWait?.[role]?.peak ?? null));
  const figures = { host, refused, limit: text === undefined ? null : Number(text), peak };
  return [{ code: "buckets-overflow", severity: "notice", ...NOWHERE, figures, size: refused }];
}

/** A full table makes the kernel drop entries, and then packets (net/netfilter/nf_conntrack_core.c, early_drop). */
function conntrack({ name: host, kernel, columns }: SeenHost): Sighting[] {
  const tracked = largest(columns?.table.conntrack ?? []);
  const room = Number(kernel?.sysctls["net.netfilter.nf_conntrack_max"] ?? 0);
  if (room === 0 || tracked < TRACKED * room) return [];
  const figures = { host, tracked, room };
  return [{ code: "conntrack-full", severity: "notice", ...NOWHERE, figures, size: tracked }];
}

export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
