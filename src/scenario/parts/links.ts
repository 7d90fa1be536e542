import { z } from "zod/mini";
import { didYouMean, listing } from "../source/suggest.js";
import { type LinkPlan, plainLink } from "./lab-types.js";
import { field, matching } from "./rules.js";

/** What cables do to what goes over them: as written, and as meant. */

const LINK_NAME = /^[a-z][a-z0-9-]*[->][a-z][a-z0-9-]*$/;
const TIME = /^(\d+(?:\.\d+)?) ?(us|ms|s)$/;
const MS_OF_UNIT = { us: 0.001, ms: 1, s: 1000 } as const;
/** Half a minute one way: whoever writes more has confused the units. */
const LONGEST_MS = 30_000;
const SHARE = /^(\d{1,3}(?:\.\d+)?) ?%$/;
const RATE = /^(\d+(?:\.\d+)?) ?(kbit|mbit|gbit)$/;
/** As tc(8) has them: by thousands, per second. */
const BITS_OF_UNIT = { kbit: 1000, mbit: 1_000_000, gbit: 1_000_000_000 } as const;
/** A frame of 1,514 bytes takes 1.2 s then. */
const LEAST_BITS_PER_SEC = 10_000;

function time() {
  return matching(TIME, "must be a number with its unit: 500us, 10ms or 1s").check(
    z.refine((text) => !(millisecondsOf(text) > LONGEST_MS), { error: "must be at most 30s" }),
  );
}

function share() {
  return matching(SHARE, "must be a share in percent: 1 %").check(
    z.refine((text) => !(shareOf(text) > 1), { error: "must be at most 100 %" }),
  );
}

function rate() {
  const rule = "must be a rate: 500kbit, 10mbit or 1gbit";
  return matching(RATE, rule).check(
    z.refine((text) => !(bitsOf(text) < LEAST_BITS_PER_SEC), { error: "must be at least 10kbit" }),
  );
}

const HELP = {
  delay: "How long each frame takes. It counts one way: with 10ms in both directions a round trip takes 20ms.",
  jitter: "Each frame takes up to so much more or less, evenly spread; then frames may overtake each other.",
  loss: "The share of frames that never arrive.",
  duplicate: "The share of frames that arrive twice.",
  reorder: "The share of frames that are not delayed, and so overtake those before them.",
  rate: "What the cable carries per second, Ethernet headers included; null: as much as comes.",
};

/** One place for all that can be said of a cable; what is left out does nothing. */
export const LinkFile = z.strictObject({
  delay: field(time(), HELP.delay, "0ms"),
  jitter: field(time(), HELP.jitter, "0ms"),
  loss: field(share(), HELP.loss, "0 %"),
  duplicate: field(share(), HELP.duplicate, "0 %"),
  reorder: field(share(), HELP.reorder, "0 %"),
  rate: field(z.nullable(rate()), HELP.rate, null),
});
export type LinkFile = z.infer<typeof LinkFile>;

export function linkName() {
  return matching(
    LINK_NAME,
    "must be two hosts, joined by - (both directions) or > (one): client-server, client>server",
  );
}

type LinkEffects = Omit<LinkPlan, "from" | "to">;
interface Direction {
  from: string;
  to: string;
}

/** Which hosts a name joins, in which directions; or why it does not say. */
export function directionsOf(name: string, hosts: readonly string[]): Direction[] | { message: string; hint: string } {
  const pairs = hosts.flatMap((from) => hosts.filter((to) => to !== from).map((to) => ({ from, to })));
  const oneWay = pairs.filter(({ from, to }) => name === `${from}>${to}`);
  if (oneWay.length === 1) return oneWay;
  const both = pairs.filter(({ from, to }) => name === `${from}-${to}`);
  if (both.length > 1)
    return {
      message: `\`${name}\` may mean ${listing(
        both.map(({ from, to }) => `${from}>${to}`),
        "or",
      )}`,
      hint: "write it with >, once for each direction",
    };
  if (both.length === 1)
    return both.flatMap(({ from, to }) => [
      { from, to },
      { from: to, to: from },
    ]);
  const names = pairs.map(({ from, to }) => `${from}-${to}`);
  return { message: `\`${name}\` does not join two hosts of this lab`, hint: didYouMean(name, names) };
}

/** Of all links that are written; a name of one direction stands above one of both. Names that join nothing are left out. */
export function linkPlans(written: Readonly<Record<string, LinkFile>>, hosts: readonly string[]): LinkPlan[] {
  const plans = new Map<string, LinkPlan>();
  const oneWayLast = Object.entries(written).toSorted(([a], [b]) => Number(a.includes(">")) - Number(b.includes(">")));
  for (const [name, file] of oneWayLast) {
    const directions = directionsOf(name, hosts);
    if (!Array.isArray(directions)) continue;
    for (const direction of directions) {
      const key = `${direction.from}>${direction.to}`;
      plans.set(key, { ...plainLink(direction.from, direction.to), ...plans.get(key), ...effectsOf(file) });
    }
  }
  return [...plans.values()];
}

/** Only what is said. */
export function effectsOf(file: LinkFile): Partial<LinkEffects> {
  const { delay, jitter, loss, duplicate, reorder, rate: asked } = file;
  return {
    ...(delay !== undefined ? { delayMs: millisecondsOf(delay) } : {}),
    ...(jitter !== undefined ? { jitterMs: millisecondsOf(jitter) } : {}),
    ...(loss !== undefined ? { loss: shareOf(loss) } : {}),
    ...(duplicate !== undefined ? { duplicate: shareOf(duplicate) } : {}),
    ...(reorder !== undefined ? { reorder: shareOf(reorder) } : {}),
    ...(asked === undefined ? {} : { bitsPerSec: asked === null ? null : bitsOf(asked) }),
  };
}

function millisecondsOf(text: string): number {
  return numberOf(TIME, MS_OF_UNIT, text);
}

function shareOf(text: string): number {
  return Number(SHARE.exec(text)?.[1]) / 100;
}

function bitsOf(text: string): number {
  return Math.round(numberOf(RATE, BITS_OF_UNIT, text));
}

function numberOf(pattern: RegExp, units: Readonly<Record<string, number>>, text: string): number {
  const [, number, unit] = pattern.exec(text) ?? [];
  // To the nanosecond: 3 * 0.001 is not 0.003.
  return Math.round(Number(number) * (units[unit ?? ""] ?? Number.NaN) * 1e6) / 1e6;
}
