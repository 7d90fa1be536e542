import { type FieldMap, isMap } from "../parts/maps.js";
import { didYouMean } from "../source/suggest.js";

type Entry = [name: string, step: unknown];
type Report = (step: string, field: "before" | "after", message: string, hint: string) => void;

/**
 * The steps of a block in the order in which they are taken: as written, but for those that say `before` or `after`
 * which other one they are. Several that say the same stand in the order in which they are written.
 */
export function inPlace(written: FieldMap, report: Report): Entry[] {
  const entries = Object.entries(written);
  const beside = { before: new Map<string, Entry[]>(), after: new Map<string, Entry[]>() };
  const unmoved = entries.filter((entry) => {
    const found = anchorOf(entry, Object.keys(written), report);
    if (found === null) return true;
    const { field, anchor } = found;
    beside[field].set(anchor, [...(beside[field].get(anchor) ?? []), entry]);
    return false;
  });
  const withThoseBeside = (entry: Entry): Entry[] => [
    ...(beside.before.get(entry[0]) ?? []).flatMap(withThoseBeside),
    entry,
    ...(beside.after.get(entry[0]) ?? []).flatMap(withThoseBeside),
  ];
  const order = unmoved.flatMap(withThoseBeside);
  for (const [name, step] of entries.filter((entry) => !order.includes(entry))) {
    const field = (step as FieldMap)["before"] === undefined ? "after" : "before";
    report(name, field, "these steps stand beside each other in a circle", "leave one `before` or `after` out");
  }
  return order;
}

function anchorOf([name, step]: Entry, names: readonly string[], report: Report) {
  const { before, after } = isMap(step) ? step : {};
  if (before === undefined && after === undefined) return null;
  const field = before === undefined ? "after" : "before";
  const anchor = String(before ?? after);
  const others = names.filter((other) => other !== name);
  if (before !== undefined && after !== undefined)
    report(name, "after", "a step stands either `before` or `after` another one", "leave one of them out");
  else if (others.length === 0) report(name, field, "there is no other step beside it", `leave \`${field}\` out`);
  else if (!others.includes(anchor))
    report(name, field, `there is no step \`${anchor}\` beside it`, didYouMean(anchor, others));
  else return { field, anchor } as const;
  return null;
}
