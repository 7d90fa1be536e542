import type { Metrics, Trial } from "../result/types.js";
import type { Topology } from "../scenario/types.js";
import { holderOf } from "./explain-holder.js";
import { count, decimal, plural, span } from "../text/figures.js";
import { PORT_ERRORS, type PortRange, clientPorts, endlessPerSec, portErrors } from "./ports.js";

/** How long the client's ports last at the rate that was seen; null where that is not known. */
export function explainPorts(metrics: Metrics, trial: Trial, topology: Topology): string | null {
  const ports = clientPorts(trial);
  if (portErrors(metrics) > 0) return ranOut(metrics, ports, reuseSetting(trial, topology));
  const closes = holderOf(metrics) === "client";
  const perSec = closes ? createdPerSec(metrics, trial) : closedPerSec(metrics);
  if (ports === null || perSec <= 0) return null;
  const rate = closes
    ? `${decimal(perSec)} TIME_WAIT a second`
    : `${decimal(perSec)} ${perSec === 1 ? "connection" : "connections"} a second`;
  if (perSec <= endlessPerSec(ports)) {
    const condition = closes ? "" : ", even if it closed first";
    return `At ${rate} the client never runs out of its ${count(ports.size)} ports${condition}.`;
  }
  const reuse = reuseSetting(trial, topology);
  const without = reuse === null ? "" : ` without tcp_tw_reuse = ${reuse}`;
  const lasting = `${span((ports.size / perSec) * 1000)}${without} at ${rate}; ${endless(ports)}`;
  return closes
    ? `The client's ${count(ports.size)} ports last ${lasting}.`
    : `If the client closed first, its ${count(ports.size)} ports would last ${lasting}.`;
}

/** Only a connection that leaves a TIME_WAIT holds its port: one that ends in a reset gives it back at once. */
function createdPerSec({ timeWait }: Metrics, { durationMs }: Trial): number {
  return durationMs <= 0 ? 0 : ((timeWait?.client.created ?? 0) * 1000) / durationMs;
}

function closedPerSec({ connections, closedFirst }: Metrics): number {
  return connections.perSec * (1 - (closedFirst?.reset ?? 0));
}

function endless(ports: PortRange): string {
  return `up to ${decimal(endlessPerSec(ports))} a second they last for ever, for each is free again after 60 s`;
}

function ranOut(metrics: Metrics, ports: PortRange | null, reuse: string | null): string {
  const kinds = PORT_ERRORS.filter((kind) => (metrics.errors[kind] ?? 0) > 0).join(" and ");
  const failed = `${plural(portErrors(metrics), "request")} failed with ${kinds}`;
  if (ports === null) return `The client ran out of ports: ${failed}.`;
  const ranOutOf = `The client ran out of its ${count(ports.size)} ports: ${failed}`;
  return reuse === null
    ? `${ranOutOf}; ${endless(ports)}.`
    : `${ranOutOf}, although tcp_tw_reuse = ${reuse} lets it take a port again after a second.`;
}

/**
 * The setting, if with it the client's ports come back after a second already (Documentation/networking/ip-sysctl.rst:
 * 1 everywhere, 2 on loopback); else null.
 */
function reuseSetting(trial: Trial, topology: Topology): string | null {
  const value = trial.kernel.client?.sysctls["net.ipv4.tcp_tw_reuse"];
  return value === "1" || (value === "2" && topology === "loopback") ? value : null;
}
