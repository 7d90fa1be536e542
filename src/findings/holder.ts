import { OVERFLOW } from "./overflows.js";
import type { End, HolderFigures } from "./figures.js";
import { counted, createdOn, type Hop, holderOf, isMostlyReset, isReused } from "./hops.js";
import type { Load } from "./loads.js";
import { fact, type Sighting } from "./sighting.js";

/** From this share on the rest need no word of their own. */
const MOST = 0.5;

/** Who holds TIME_WAIT of a link, or why there is hardly any; nothing is claimed that the figures do not show. */
export function holder(load: Load, hop: Hop): Sighting[] {
  const { timeWait, closedFirst, opened, requestsPer } = hop;
  const created = timeWait && createdOn(timeWait);
  const succeeded = load.requests.succeeded ?? 0;
  const refusedAt = created !== null && created.from + (created.to ?? 0) === 0 ? refused(hop) : null;
  const [kind, end] = kindOf(load, hop, created);
  const figures = { kind, end, created, closedFirst, opened, succeeded, requestsPer, refusedAt };
  return [fact("holder", { step: load.step, link: hop.link }, figures)];
}

function kindOf(load: Load, hop: Hop, created: HolderFigures["created"]): [HolderFigures["kind"], End | null] {
  if (created === null) return ["unreadable", null];
  if (isMostlyReset(hop)) return ["resets", null];
  const end = holderOf(hop);
  if (isReused(hop, load)) return ["reused", end];
  if (created.from + (created.to ?? 0) === 0) return ["none", null];
  return end === null ? ["both", null] : ["one", end];
}

/** Where there would have been TIME_WAIT, had the kernel not refused it. */
function refused(hop: Hop): End | null {
  const ends = ["from", "to"] as const;
  return ends.find((end) => (hop.closedFirst?.[end] ?? 0) >= MOST && counted(hop, end, OVERFLOW) > 0) ?? null;
}
