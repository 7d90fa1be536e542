import type { RunResult } from "../result/types.js";
import { toldWarning } from "../warnings/told.js";
import { sayCompared as say } from "../words/comparison.js";
import type { Compared } from "./comparable.js";
import type { Pair } from "./sides.js";
import type { Pairing } from "./types.js";

/** What to know of both sides before the verdict is believed. */
export function notesOf(base: Compared, head: Compared, pairs: readonly Pair[], pairing: Pairing): string[] {
  return [
    ...pairingNote(pairing, pairs),
    ...leftOut(base, head, pairs),
    ...unpaired(pairs),
    ...withoutLinks(pairs),
    ...versions(base.result, head.result),
    ...oneSided(base, head, pairing),
  ];
}

function pairingNote(pairing: Pairing, pairs: readonly Pair[]): string[] {
  if (pairing !== "one-machine") return [];
  const disturbed = (["base", "head"] as const).find((side) => pairs.some((pair) => pair[side].disturbed));
  if (disturbed !== undefined) return [say("busy-machine", { side: disturbed })];
  return [say("one-after-the-other")];
}

function leftOut(base: Compared, head: Compared, pairs: readonly Pair[]): string[] {
  if (base.result === head.result) return [];
  const names = (result: RunResult): string[] => result.scenario.variants.map(({ name }) => name);
  const only = (of: RunResult, other: RunResult): string[] => names(of).filter((name) => !names(other).includes(name));
  const told = (side: string, missing: readonly string[]): string[] =>
    missing.length === 0 || pairs.length === 0 ? [] : [say("only-one-has", { side, names: missing.join(", ") })];
  return [...told("base", only(base.result, head.result)), ...told("head", only(head.result, base.result))];
}

function unpaired(pairs: readonly Pair[]): string[] {
  return pairs
    .filter(({ base, head }) => base.trials.length !== head.trials.length)
    .map(({ name, ...sides }) => {
      const [base, head] = [sides.base.trials.length, sides.head.trials.length];
      return say("unpaired", { name, base, head, pairs: Math.min(base, head) });
    });
}

/** What is not measured is not judged either. */
function withoutLinks(pairs: readonly Pair[]): string[] {
  const lacks = (side: "base" | "head"): boolean =>
    pairs.some((pair) => pair[side].trials.some(({ links }) => (links ?? null) === null));
  const [base, head] = [lacks("base"), lacks("head")];
  if (base === head) return [];
  return [say("links-not-measured", { side: base ? "base" : "head" })];
}

function versions({ environment: base }: RunResult, { environment: head }: RunResult): string[] {
  const names = Object.keys(base.tools).filter((name) => (head.tools[name] ?? base.tools[name]) !== base.tools[name]);
  return [
    ...(base.benchVersion === head.benchVersion
      ? []
      : [say("other-bench", { head: head.benchVersion, base: base.benchVersion })]),
    ...names.map((name) => say("other-tool", { name, head: head.tools[name] ?? "", base: base.tools[name] ?? "" })),
  ];
}

/** Warnings that only one of the sides has: there the two are not alike. */
function oneSided(base: Compared, head: Compared, pairing: Pairing): string[] {
  if (pairing === "one-run") return [];
  const told = (side: string, of: RunResult, other: RunResult): string[] => {
    const known = new Set(other.warnings.map(({ code }) => code));
    const first = new Map(
      of.warnings
        .filter(({ code }) => !known.has(code))
        .toReversed()
        .map((one) => [one.code, one]),
    );
    return [...first.values()].toReversed().map((one) => {
      const text = say("only-in", { side, text: toldWarning(one).message });
      return one.variant === undefined ? text : say("of-variant", { text, variant: one.variant });
    });
  };
  return [...told("base", base.result, head.result), ...told("head", head.result, base.result)];
}
