import { countsOf } from "./counts.js";
import { idle, type LinkSeen } from "./gather.js";
import type { HostView, Plan } from "./types.js";

/**
 * Connections that end in a reset between two readings are in no table: a link of nothing else would not be there at all.
 * The kernels counted them at both ends. Where one host alone connects besides the client, what a host has accepted and no
 * link accounts for came from there.
 */
export function unseenLinks(plan: Plan, seen: readonly LinkSeen[]): LinkSeen[] {
  const { hosts, own, shared } = plan;
  if (shared || !hosts.every(({ alone }) => alone)) return [];
  const client = hosts.find(({ name }) => name === own.from);
  const connecting = hosts.filter((host) => host !== client && connected(host) > 0);
  const [from] = connecting;
  if (from === undefined || connecting.length > 1) return [];
  return hosts.flatMap((host): LinkSeen[] => {
    const incoming = seen.filter(({ to }) => to === host.name);
    const isOwn = host.name === own.to;
    const port = listeningPort(host, plan, isOwn ? own.port : null);
    const accepted = counted(host, "Tcp:PassiveOpens") - (isOwn && client !== undefined ? connected(client) : 0);
    if (incoming.length > (isOwn ? 1 : 0) || port === null || accepted <= 0 || accepted > connected(from)) return [];
    const ends = { from: idle(from.name, plan), to: idle(host.name, plan) };
    return [{ from: from.name, to: host.name, port, accepted, ends }];
  });
}

/** The one that it listens on besides the load's, or of several the one that is planned. */
function listeningPort({ name, before, after }: HostView, { ports }: Plan, loads: number | null): number | null {
  const ends = [...(before.ends ?? []), ...(after.ends ?? [])];
  const listening = new Set(ends.filter(({ states }) => (states.listen ?? 0) > 0).map(({ port }) => port));
  const others = [...listening].filter((port) => port !== loads);
  return others.length === 1 ? others[0]! : (others.find((port) => ports[name]?.includes(port)) ?? null);
}

function connected(host: HostView): number {
  return counted(host, "Tcp:ActiveOpens") - counted(host, "Tcp:AttemptFails");
}

function counted(host: HostView, counter: string): number {
  return countsOf(host)?.[counter] ?? 0;
}
