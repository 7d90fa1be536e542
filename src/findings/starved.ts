import { STARVED_SHARE, waitShareOf } from "../metrics/computed.js";
import type { Load } from "./loads.js";
import type { Sighting } from "./sighting.js";

/** Times come in the kernel's ticks of 10 ms: a share of less than some of them says nothing. */
const SHORTEST_MS = 100;

/** Who waited for a processor while the load went on, and how long. */
export function starved({ cpu, step }: Load, link: Sighting["link"]): Sighting[] {
  const told = (role: "client" | "server"): Sighting[] => {
    const [waitMs, share] = [cpu[role]?.waitMs ?? 0, waitShareOf(cpu[role]) ?? 0];
    if (waitMs < SHORTEST_MS || share < STARVED_SHARE[role]) return [];
    const host = (role === "client" ? link?.from : link?.to) ?? role;
    return [{ code: `${role}-starved`, severity: "notice", step, link, figures: { host, waitMs, share }, size: share }];
  };
  return [...told("client"), ...told("server")];
}
