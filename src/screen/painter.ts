import { newCurve } from "../live/curve.js";
import type { LiveLoad, LiveRun, LiveState, LiveTrial, LiveVariant } from "../live/types.js";
import { type Paint, painter } from "../report/paint.js";
import type { TcpState } from "../sampler/types.js";
import { displayWidth, fit } from "../text/width.js";
import { sayOnScreen as say } from "../words/screen.js";
import { asAscii } from "./ascii.js";
import { drawFigures, drawHead, heightOfHead, type Overall } from "./head.js";
import { drawHosts, heightOfHosts, statesToShow } from "./hosts.js";
import { chartsOf, drawCharts } from "./charts.js";
import { drawLinks } from "./links.js";
import { panelsOf } from "./panels.js";
import { allot, type Part } from "./rows.js";
import type { Lens, Size } from "./types.js";
import { drawExpectations, drawItems, itemsOf, wrapItems } from "./words.js";

/** What a picture of a run depends on besides the run. */
export interface Around extends Omit<Overall, "scenario"> {
  /** Said beside the run, the newest last. */
  said: readonly string[];
  /** States that some host had in this trial. */
  seen: ReadonlySet<TcpState>;
  /** null: all of it. */
  lens: Lens | null;
  color: boolean;
  /** Whether the terminal shows more than ASCII. */
  unicode: boolean;
}

/** What is looked at: the run in front, and in it the variant that is measured, or was last. */
export interface Focus {
  run: LiveRun;
  variant: LiveVariant | null;
  trial: LiveTrial | null;
}

/** Of several runs side by side, the first that goes on; those that only wait stand behind. null before the first. */
export function focusOf({ runs }: LiveState): Focus | null {
  const going = runs.filter(({ status }) => status === "running");
  const run = going.find(({ scenario }) => !scenario.parallel) ?? going[0] ?? runs.at(-1);
  if (run === undefined) return null;
  const begun = run.variants.filter(({ trial }) => trial !== null);
  const newest = begun.toSorted((a, b) => b.trial!.order - a.trial!.order)[0] ?? null;
  return { run, variant: newest, trial: newest?.trial ?? null };
}

/** From here on a line between two parts is worth its place. */
const ROOMY = 26;
const MOST_TOLD = 16;

/** The screen of a run, line by line: a pure function of what is known. From 60 columns on no line is too long. */
export function paintRun(state: LiveState, { columns, rows: all }: Size, around: Around): string[] {
  const [width, rows] = [columns - 1, all - 1];
  const paint = painter(around.color);
  const focus = focusOf(state);
  if (focus === null || width < 10) return [` ${say("begins")}`];
  const parts = partsOf(focus, state, around, { width, paint, isRoomy: rows >= ROOMY });
  const given = allot(parts, rows);
  const lines = parts.flatMap((part, at) => (given[at]! > 0 ? part.draw(given[at]!) : []));
  return around.unicode ? lines : lines.map(asAscii);
}

interface Canvas {
  width: number;
  paint: Paint;
  isRoomy: boolean;
}

function partsOf({ run, variant, trial }: Focus, state: LiveState, around: Around, canvas: Canvas): Part[] {
  const { width, paint } = canvas;
  const { atMs } = state;
  const overall = { ...around, scenario: run.run + 1 };
  const panels = trial === null ? [] : panelsOf(trial);
  const states = statesToShow(panels, around.seen);
  const top = mostTimeWait(run);
  const load = trial === null ? undefined : loadOf(run, variant, trial);
  const is = (pane: Lens["watch"][number]): boolean => around.lens?.watch.includes(pane) !== false;
  const charts = chartsOf(load, panels, top).filter(({ pane }) => is(pane));
  const chartsAtLeast = charts.filter(({ least }) => least === 1).length;
  const links = trial === null || trial.links.length < 2 || !is("links") ? [] : trial.links;
  const said = around.lens === null ? itemsOf(run, variant?.name ?? null, trial, around.said) : [];
  const items = wrapItems(said, { most: MOST_TOLD, width, paint });
  const head = heightOfHead(trial);
  const hosts = heightOfHosts(panels, states.length);
  const expected = around.lens === null ? run.expectations.length : 0;
  const foot = around.lens?.foot ?? "";
  const some = (most: number, there: number): number => Math.min(most, there);
  const told = items.flat().length;
  return [
    { wants: [head], draw: (rows) => drawHead({ run, variant, trial }, overall, { rows, width, atMs, paint }) },
    captioned("", canvas, load === undefined || !is("figures") ? [] : [1], () => [
      drawFigures(load, trial?.figures ?? null, { width, paint }),
    ]),
    captioned(
      say("sockets-by-state"),
      canvas,
      panels.length === 0 || !is("lab") ? [] : [some(4, hosts), hosts],
      (rows) => drawHosts(panels, states, { rows, width, top, paint }),
    ),
    captioned(say("links"), canvas, [0, some(3, links.length), links.length], (rows) =>
      drawLinks(links, { rows, width, paint }),
    ),
    captioned(
      say("over-time"),
      canvas,
      trial === null || charts.length === 0
        ? []
        : [chartsAtLeast, chartsAtLeast + 1, chartsAtLeast + 2, charts.length + 4, charts.length + 22],
      (rows) => (trial === null ? [] : drawCharts(trial, load, charts, { rows, width, atMs, paint })),
    ),
    captioned(
      say("what-happened"),
      canvas,
      [some(2, told), some(3, told), some(5, told), some(8, told), told],
      (rows) => drawItems(items, rows),
    ),
    captioned(say("expected"), canvas, [some(2, expected), some(4, expected), some(6, expected), expected], (rows) =>
      drawExpectations(run, { rows, width, paint }),
    ),
    {
      wants: foot === "" ? [] : [1, 2],
      draw: (rows) => ["", paint("dim", fit(` ${foot}`, width))].slice(-rows),
    },
  ];
}

/** The newest. Before the one load of a trial without steps, its place is kept. */
function loadOf({ scenario }: LiveRun, variant: LiveVariant | null, { loads }: LiveTrial): LiveLoad | undefined {
  const plan = scenario.variants.find(({ name }) => name === variant?.name);
  if (loads.length > 0 || plan === undefined || plan.phases.length > 0) return loads.at(-1);
  const counts = { elapsedMs: 0, succeeded: 0, failed: 0, noPort: 0, connections: null, perSec: 0 };
  const lines = { rate: newCurve(), p50Us: newCurve(), p99Us: newCurve() };
  return { step: null, beganAtMs: 0, durationMs: plan.load.durationMs, ...counts, ...lines };
}

/** In the newest trials of all variants, on any host. */
function mostTimeWait({ variants }: LiveRun): number {
  return Math.max(
    1,
    ...variants.flatMap(({ trial }) =>
      trial === null ? [] : panelsOf(trial).map(({ timeWait }) => timeWait.most ?? 0),
    ),
  );
}

/** With a line above that says what it is, where there is room for such lines. */
function captioned(
  caption: string,
  { width, paint, isRoomy }: Canvas,
  wants: readonly number[],
  draw: Part["draw"],
): Part {
  if (!isRoomy) return { wants, draw };
  return {
    wants: wants.map((rows) => (rows === 0 ? 0 : rows + 1)),
    draw: (rows) => [paint("dim", rule(caption, width)), ...(rows > 1 ? draw(rows - 1) : [])],
  };
}

function rule(caption: string, width: number): string {
  const start = caption === "" ? "" : `─ ${caption} `;
  return start + "─".repeat(Math.max(0, width - displayWidth(start)));
}
