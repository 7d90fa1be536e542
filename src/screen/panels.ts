import type { Curve } from "../live/curve.js";
import type { LiveHost, LiveTrial, States } from "../live/types.js";
import { SIDE_STYLE, type Style } from "../report/paint.js";
import type { Role } from "../scenario/types.js";

/** What is drawn of one host. One that plays both roles is drawn as two, by the sides of the load's own connections. */
export interface Panel {
  name: string;
  address: string;
  style: Style;
  /** It is the client's or the server's. */
  hasRole: boolean;
  states: States;
  timeWait: Curve;
  /** Of a saved host with several links: the document does not tell its sockets of this moment. */
  isUnknown: boolean;
  /** Local ports taken towards the destination that takes most of them. null: it connects to none, or it is not known. */
  ports: { used: number; limit: number } | null;
}

const OTHERS: readonly Style[] = ["magenta", "green", "blue"];

/** Who connects stands left of whom it connects to. */
export function panelsOf(trial: LiveTrial): Panel[] {
  const others = trial.hosts.filter(({ roles }) => roles.length === 0);
  return byDistance(trial).flatMap((host) => {
    const { roles } = host;
    if (roles.length > 1) return roles.toSorted().map((role) => sideOf(trial, host, role));
    const [role] = roles;
    const style = role === undefined ? OTHERS[others.indexOf(host) % OTHERS.length]! : SIDE_STYLE[role];
    const counted = host.timeWaits.last !== null || role === undefined;
    const timeWait = counted ? host.timeWaits : trial.sides[role].tables;
    return [
      {
        name: host.name,
        address: host.addresses[0] ?? "",
        style,
        hasRole: role !== undefined,
        states: host.states,
        timeWait,
        isUnknown: host.isPartial && !counted,
        ports: portsOf(trial, host.name),
      },
    ];
  });
}

function sideOf(trial: LiveTrial, host: LiveHost, role: Role): Panel {
  const side = trial.sides[role];
  return {
    name: role,
    address: host.addresses[0] ?? "",
    style: SIDE_STYLE[role],
    hasRole: true,
    states: side.states,
    timeWait: side.tables,
    isUnknown: false,
    ports: portsOf(trial, role),
  };
}

function portsOf({ links }: LiveTrial, name: string): Panel["ports"] {
  let most: Panel["ports"] = null;
  for (const { from, ports, limit } of links) {
    if (from !== name || ports === null || limit === null) continue;
    if (most === null || ports.used / limit > most.used / most.limit) most = { used: ports.used, limit };
  }
  return most;
}

/** By the number of links from the client; a host that none leads to, such as a NAT, stands between client and server. */
function byDistance({ hosts, links }: LiveTrial): LiveHost[] {
  const distance = new Map(hosts.filter(({ roles }) => roles.includes("client")).map(({ name }) => [name, 0]));
  for (const _ of hosts)
    for (const { from, to } of links) {
      const far = distance.get(from);
      if (far !== undefined && !distance.has(to)) distance.set(to, far + 1);
    }
  const of = ({ name, roles }: LiveHost): number => distance.get(name) ?? (roles.includes("server") ? 1 : 0.5);
  return hosts.toSorted((a, b) => of(a) - of(b));
}
