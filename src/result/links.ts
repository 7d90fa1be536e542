import { portLimit } from "../links/port-limit.js";
import { linksOf as reckon } from "../links/reckon.js";
import type { HostBooks, HostTotals, HostView, Link, Links, Plan } from "../links/types.js";
import type { Role } from "../scenario/types.js";
import { requestsIn } from "./requests-in.js";
import type { HostMeasurement, Measurement } from "./measurement.js";

export interface Hops {
  links: Links | null;
  /** null where strangers share the counters. */
  hosts: Record<string, HostTotals> | null;
  /** The load's own link; null where no table can be read. */
  own: Link | null;
  /** Whether all that a host's kernel counts is of the load's own link, by the role that it plays there. */
  alone: Record<Role, boolean>;
  /** On hosts that have several links: the sums over those, held against the kernel's counters. */
  books: HostBooks[];
}

/** Several figures rest on it, and a measurement does not change. */
const known = new WeakMap<Measurement, Hops>();

/** Every link of the lab over the load, and what each host's kernel counted. */
export function hopsOf(measurement: Measurement): Hops {
  const hops = known.get(measurement) ?? reckoned(measurement);
  known.set(measurement, hops);
  return hops;
}

function reckoned(measurement: Measurement): Hops {
  const plan = planOf(measurement);
  const { links, hosts, ends, books } = reckon(plan);
  const read = plan.hosts.every(({ after }) => after.ends !== null);
  const alone = (host: string): boolean => !plan.shared && (!read || (ends[host] ?? 0) <= 1);
  return {
    links: read ? links : null,
    hosts: measurement.isolation === "none" ? null : hosts,
    books: read ? books : [],
    own: read ? Object.values(links[plan.own.from]!)[0]! : null,
    alone: { client: alone(plan.own.from), server: alone(plan.own.to) && plan.own.to === measurement.roles.server },
  };
}

function planOf({ variant, hosts, roles, target, shared, isolation, report, serverCount }: Measurement): Plan {
  const { lab, load } = variant;
  const views = Object.entries(hosts).map(([name, host]) => {
    // Of one host that plays both roles, connections that are not the load's own are the server's.
    const chosen = name === roles.client ? load.sockets?.localPorts : null;
    return viewOf(shared ? "server" : name, host, isolation === "namespace", chosen ?? null);
  });
  const own = {
    from: shared ? "client" : roles.client,
    to: shared ? "server" : target.host,
    port: target.port,
    opened: report.connections.opened,
    reset: report.connections.closed.reset,
    sent: requestsIn(report)?.sent ?? serverCount?.requests ?? null,
  };
  const ports: Record<string, number[]> = { server: [variant.server.port], proxy: [variant.server.port] };
  for (const [name, { programs }] of Object.entries(lab.hosts ?? {}))
    ports[name] = [...(name === "server" ? ports["server"]! : []), ...programs.map(({ port }) => port)];
  return {
    hosts: views,
    own,
    ports,
    behind: lab.nat === undefined ? {} : { nat: lab.nat.clients },
    shared,
  };
}

/** @param chosen the range that the client takes its ports from; null: the host's own */
function viewOf(
  name: string,
  host: HostMeasurement,
  alone: boolean,
  chosen: { low: number; high: number } | null,
): HostView {
  const { addresses, before, after, samples, calibration, sysctls } = host;
  const gauges = samples.flatMap((sample) => (sample.kind === "gauge" ? [sample.timeWait] : []));
  return {
    name,
    addresses,
    before,
    after,
    tables: samples.filter((sample) => sample.kind === "table" && sample.atMs >= before.atMs) as HostView["tables"],
    gaugePeak: gauges.reduce((most, timeWait) => Math.max(most, timeWait), 0),
    left: calibration?.left ?? 0,
    countsEntries: calibration !== null && calibration.counted === calibration.known,
    alone,
    portLimit: portLimit(chosen ?? after.localPorts, sysctls["net.ipv4.ip_local_reserved_ports"] ?? ""),
  };
}
