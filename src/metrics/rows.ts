import { METRIC_NAMES, PLACES } from "./names.js";
import { COMPUTED } from "./computed.js";
import type { Leaf } from "./types.js";

/** The report's rows in the order in which they are read: the figures of each; those of a family and of shares by themselves. */
const SHOWN: readonly (readonly string[])[] = [
  ["requests.perSec"],
  ["requests.sent", "requests.failed"],
  ["errors.{kind}"],
  ["pace.wantedPerSec", "pace.sentPerSec"],
  ["pace.unsent"],
  ["latencyUs.p50", "latencyUs.p90"],
  ["latencyUs.p99", "latencyUs.p999"],
  ["latencyUs.max"],
  ["uncorrectedLatencyUs.p50", "uncorrectedLatencyUs.p90"],
  ["uncorrectedLatencyUs.p99", "uncorrectedLatencyUs.p999"],
  ["connectUs.p50", "connectUs.p99"],
  ["handshakeUs.p50", "handshakeUs.p99"],
  ["firstByteUs.p50", "firstByteUs.p99"],
  ["connections.opened"],
  ["connections.requestsPer"],
  ["timeWait.server.created"],
  ["timeWait.server.peak"],
  ["timeWait.server.end"],
  ["timeWait.client.created"],
  ["timeWait.client.peak"],
  ["timeWait.client.end"],
  ["closedFirst.server", "closedFirst.client", "closedFirst.reset"],
  ["cpu.client.totalMs", "cpu.server.totalMs"],
];

/** Figures that no row shows: they stand in the result, and expectations and gates can name them. */
const NOT_SHOWN =
  /^(?:(?:closedAfter|stale|repeated)\b.*|requests\.(?:succeeded|served)|connections\.(?:failed|perSec)|cpu\.\w+\.(?:user|system|wait)Ms|\w+Us\.(?:min|mean|max)|(?:connect|handshake|firstByte)Us\.p(?:90|999))$/u;

/** Rows that are left out where no variant has them; others show a dash. */
const IF_MEASURED = /^(?:pace|uncorrectedLatencyUs|handshakeUs|firstByteUs)\./u;

export interface ShownFigure {
  path: string;
  leaf: Leaf;
}

export interface ShownRow {
  title: string;
  label: string;
  figures: readonly ShownFigure[];
  /** Left out where nothing was measured of it. */
  ifMeasured: boolean;
}

/** What is in no row and not named as left out comes last, so that a figure that is new is seen. */
export const SHOWN_ROWS: readonly ShownRow[] = [
  ...SHOWN,
  ...METRIC_NAMES.filter(isForgotten).map((path) => [path]),
].map((paths) => {
  const figures = paths.map((path) => ({ path, leaf: leafAt(path) }));
  return {
    title: figures[0]!.leaf.title,
    label: figures.map(({ leaf }) => leaf.label).join(" / "),
    figures,
    ifMeasured: paths.some((path) => IF_MEASURED.test(path) || isForgotten(path)),
  };
});

function isForgotten(path: string): boolean {
  return !NOT_SHOWN.test(path) && !SHOWN.some((paths) => paths.includes(path));
}

function leafAt(path: string): Leaf {
  return COMPUTED[path] ?? PLACES.find((place) => place.path === path)!.leaf;
}
