import { allPhases } from "../scenario/phases/types.js";
import { type LinkPlan, plainLink, type Variant } from "../scenario/types.js";
import type { CableFigures } from "./figures.js";
import { fact, type Sighting } from "./sighting.js";
import type { MeasuredTrial } from "./types.js";

type Counts = NonNullable<MeasuredTrial["cables"]>["directions"][number];

/** What was set on cables, by steps too, and what became of what went over them. */
export function cables({ lab, phases }: Variant, { cables: measured }: MeasuredTrial): Sighting[] {
  const changes = allPhases(phases).flatMap((step) => (step.do === "link" ? step.changes : []));
  const links = [...(lab.links ?? [])];
  for (const change of changes)
    if (!links.some((link) => isOf(change, link))) links.push(plainLink(change.from, change.to));
  const told = new Set<LinkPlan>();
  return links.flatMap((link) => {
    if (told.has(link)) return [];
    const back = links.find((other) => isSameBack(link, other));
    if (back !== undefined) told.add(back);
    const ways = [link, ...(back === undefined ? [] : [back])];
    const counted = ways.flatMap((way) => measured?.directions.filter((one) => isOf(one, way)) ?? []);
    const { from, to, ...does } = link;
    const changed = changes.some((change) => ways.some((way) => isOf(change, way)));
    const figures = { from, to, both: back !== undefined, changed, ...does, ...countsOf(counted) };
    return [fact("cable", { step: null, link: null }, { ...figures, by: measured?.by ?? null })];
  });
}

function isSameBack(link: LinkPlan, other: LinkPlan): boolean {
  const { from, to, ...does } = link;
  return (
    other.from === to &&
    other.to === from &&
    Object.entries(does).every(([name, value]) => other[name as keyof LinkPlan] === value)
  );
}

function isOf(one: { from: string; to: string }, link: LinkPlan): boolean {
  return one.from === link.from && one.to === link.to;
}

function countsOf(
  counted: readonly Counts[],
): Pick<CableFigures, "frames" | "lost" | "duplicated" | "missed" | "overflowed" | "lateP50Us" | "lateP99Us"> {
  const sum = (of: (one: Counts) => number | null): number | null =>
    counted.reduce<number | null>((total, one) => add(total, of(one)), 0);
  const most = (of: (one: Counts) => number | null): number | null =>
    counted.reduce<number | null>((highest, one) => {
      const value = of(one);
      return value === null ? highest : Math.max(highest ?? 0, value);
    }, null);
  return {
    frames: sum((one) => one.frames ?? one.carried + one.lost) ?? 0,
    lost: sum((one) => one.lost) ?? 0,
    duplicated: sum((one) => one.duplicated),
    missed: sum((one) => one.missed ?? null),
    overflowed: sum((one) => one.overflowed),
    lateP50Us: most((one) => one.lateP50Us),
    lateP99Us: most((one) => one.lateP99Us),
  };
}

function add(total: number | null, value: number | null): number | null {
  return total === null || value === null ? null : total + value;
}
