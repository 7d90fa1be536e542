import { type Around, counted, type Hop, holderOf, isShared } from "./hops.js";
import type { Load } from "./loads.js";
import type { Sighting } from "./sighting.js";

/**
 * On loopback a port in TIME_WAIT can be taken again after a second, which it cannot between two hosts: net.ipv4.tcp_tw_reuse
 * = 2 is the default (Documentation/networking/ip-sysctl.rst). Said where the end that connects holds TIME_WAIT, for its
 * ports are those that last longer so.
 */
export function loopbackHides(load: Load, hop: Hop, around: Around): Sighting[] {
  const reuse = hop.kernels.from?.sysctls["net.ipv4.tcp_tw_reuse"];
  if (!hop.own || !isShared(around) || reuse !== "2" || hop.ports === null || holderOf(hop) !== "from") return [];
  const { isolated } = around;
  const recycled = isolated && load.step === null ? counted(hop, "from", "TcpExt:TWRecycled") : null;
  const figures = { reuse, ports: hop.ports.size, recycled };
  const severity = (recycled ?? 0) > 0 ? "notice" : "fact";
  return [{ code: "loopback-hides", severity, step: load.step, link: hop.link, figures, size: 0 }];
}
