import type { HostTimeline, Metrics } from "../result/types.js";
import { count, plural } from "../text/figures.js";
import type { VariantView } from "./view.js";
import { peakOf } from "./timeline-chart.js";

const TIMEOUT = "nf_conntrack_tcp_timeout_time_wait";

/** What stands between client and server, or beside them, changes what can be said of either. Null where nothing does. */
export function explainBetween(view: VariantView, metrics: Metrics): string | null {
  const { topology, proxy, nat } = view.plan.lab;
  if (topology === "proxy" && proxy !== undefined && metrics.timeWait !== null)
    return `The client's ${plural(metrics.connections.opened, "connection")} ended at the proxy (${proxy.kind}), which has others to the server. ${behindProxy(view, metrics)}`;
  const sentences = [
    topology === "nat" && nat !== undefined && nat.ports !== null ? ofPorts(nat.ports) : null,
    ...(view.isolated ? [...trackedOn(view), besideThem(view)] : []),
  ].filter((sentence) => sentence !== null);
  return sentences.length === 0 ? null : sentences.join(" ");
}

/** Whether the server sees the client's own address and ports, so that these cap what it holds. */
export function isDirect({ plan }: VariantView): boolean {
  return plan.lab.topology !== "proxy" && plan.lab.topology !== "nat";
}

/** Both links of the proxy; results of version 1 tell what each host holds, whatever the link. */
function behindProxy({ shown }: VariantView, { timeWait, links, requests }: Metrics): string {
  const upstream = links?.["proxy"]?.["server"];
  const [client, other] = [timeWait!.client.created, timeWait!.server.created];
  if (upstream === undefined)
    return (
      `${plural(client, "socket")} entered TIME_WAIT at the client, ${count(other)} at the server. ` +
      ofProxy(shown?.timeline.others?.["proxy"] ?? null)
    );
  return (
    `Of these, ${plural(client, "socket")} entered TIME_WAIT at the client, ${count(other)} at the proxy. ` +
    `Behind it the proxy opened ${plural(upstream.opened, "connection")} to the server for ${plural(requests.sent, "request")}: ` +
    `${plural(upstream.timeWait.from.created, "socket")} entered TIME_WAIT at the proxy, ${count(upstream.timeWait.to?.created ?? 0)} at the server.`
  );
}

function ofProxy(host: HostTimeline | null): string {
  const { time_wait_accepted: accepted, time_wait_made: made } = host?.table ?? {};
  // Results of earlier versions do not have it.
  if (accepted === undefined || made === undefined)
    return "What the proxy itself holds, towards both, is in neither: a step { do: read, on: proxy } tells.";
  return `At the proxy itself TIME_WAIT peaked at ${count(greatest(accepted))} towards the client, ${count(greatest(made))} towards the server.`;
}

function ofPorts({ low, high }: { low: number; high: number }): string {
  const ports = count(high - low + 1);
  return `The server sees every client as one address with ${ports} ports (${low}–${high}): it can hold ${ports} TIME_WAIT of them at most.`;
}

/** Of every host on which something was tracked. An entry's TIME_WAIT is not a socket's. */
function trackedOn({ shown, topology }: VariantView): string[] {
  if (shown === null) return [];
  const { client, server, others } = shown.timeline;
  const hosts = topology === "loopback" ? { client } : { client, server, ...others };
  return Object.entries(hosts).flatMap(([name, host]) => {
    const { atMs = [], conntrack, conntrackTimeWait = [] } = host?.table ?? {};
    if (conntrack === undefined) return [];
    // A warm-up's: its sockets are taken away, what a bystander remembers of them is not.
    const left = (atMs[0] ?? 0) < 0 ? (conntrack[0] ?? 0) : 0;
    const before = left === 0 ? "" : ` (${count(left)} of them from before the load)`;
    const known = conntrackTimeWait.filter((entries) => entries !== null);
    const sysctls = { ...shown.kernel, ...shown.otherKernels }[name]?.sysctls;
    const seconds = sysctls?.[`net.netfilter.${TIMEOUT}`];
    const staying = seconds === undefined ? "" : `, where an entry stays for ${seconds} s (${TIMEOUT})`;
    const inTimeWait = known.length === 0 ? "" : `, at most ${count(greatest(known))} in TIME_WAIT${staying}`;
    return [
      `On ${name} netfilter tracked at most ${plural(greatest(conntrack), "connection")} at once${before}${inTimeWait}.`,
    ];
  });
}

/** Hosts that hold TIME_WAIT of their own, for connections that are not the client's. */
function besideThem({ shown }: VariantView): string | null {
  const peaks = Object.entries(shown?.timeline.others ?? {})
    .map(([name, host]) => ({ name, peak: peakOf(host) ?? 0 }))
    .filter(({ peak }) => peak > 0);
  if (peaks.length === 0) return null;
  return `Beside them TIME_WAIT peaked at ${peaks.map(({ name, peak }) => `${count(peak)} on ${name}`).join(", ")}.`;
}

function greatest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
