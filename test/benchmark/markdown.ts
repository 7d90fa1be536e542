import { cpuEachUs, kernelShare, median, rateOf, type Ratios } from "./ratios.js";
import type { SamplingRows } from "./sampling.js";
import type { LoadRow } from "./sampling-load.js";
import type { BenchmarkResult, Comparison, Goal, Machine, Mode, Run } from "./types.js";
import type { ViewRows } from "./views.js";

/**
 * The part of README.md in this folder that a run makes: the goals, every comparison, and the machine that all of it comes
 * from. Its tables are at most 110 columns wide; what needs more words stands in a list.
 */
export function markdownOf(result: BenchmarkResult): string {
  const { ours, settings, comparisons } = result;
  const parts = [
    ...(result.status === "interrupted" ? ["**Interrupted: this is a part of it.**"] : []),
    goalList(result.goals),
    ...groupsOf(comparisons).map((group) => comparisonTable(ours.name, group)),
    ...(result.sampling === null ? [] : [samplingTables(result.sampling)]),
    ...((result.views?.rows.length ?? 0) === 0 ? [] : [viewTable(result.views!)]),
    `${machineLine(result.machine)} ${toolsLine(result)}`,
    `Each figure: the median of pairs (in rounds: ${ours.name}, up to three peers, ${ours.name}, …; at most ${settings.pairs}, ` +
      `fewer where no goal rests on them or the peer is clearly behind), each run ${settings.seconds} s, after 2 s to warm ` +
      `up, in a fresh two-host lab with ` +
      `${settings.connections} connections. Connections are counted by the server's kernel, requests by the server.`,
  ];
  return parts.join("\n\n") + "\n";
}

function goalList(goals: readonly Goal[]): string {
  const lines = goals.map(({ name, atLeast, measured, spread, remark, met }) => {
    const show = atLeast < 1 ? percent : times;
    const goal = `${name}, at least ${show(atLeast)}`;
    if (measured === null) return `- **not measured**: ${goal}`;
    const { min, max, of } = spread!;
    const found = `measured **${show(measured)}** ${remark}`.trim();
    const outcome = met === null ? "too noisy to tell" : met ? "met" : "not met";
    return `- **${outcome}**: ${goal}; ${found}, from ${show(min)} to ${show(max)} (${of})`;
  });
  return lines.join("\n");
}

function groupsOf(comparisons: readonly Comparison[]): Comparison[][] {
  const groups = new Map<string, Comparison[]>();
  for (const one of comparisons) {
    const key = [one.server, one.mode, one.threads].join();
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function comparisonTable(ours: string, group: readonly Comparison[]): string {
  const { server, mode, threads } = group[0]!;
  const unit = mode === "close" ? "connections/s" : "requests/s";
  const heading = `**\`${mode}\`, ${threads === 1 ? "1 thread" : `${threads} threads`}, against ${server}: ${unit}**`;
  const rows = group.map((one) => {
    if (one.pairs.length === 0) return [one.peer, "", "", `failed: ${firstLine(one.failure)}`, "", "", ""];
    const [mine, theirs] = [one.pairs.map((pair) => pair.ours), one.pairs.map((pair) => pair.peer)];
    const rate = (runs: readonly Run[]): string => whole(median(runs.map((run) => rateOf(run, mode))));
    return [
      one.peer,
      rate(mine),
      rate(theirs),
      `**${times(median(one.ratios))}**`,
      `${times(Math.min(...one.ratios))} to ${times(Math.max(...one.ratios))} (${one.ratios.length})`,
      `${each(mine, mode)} : ${each(theirs, mode)}`,
      `${share(mine)} : ${share(theirs)}`,
    ];
  });
  const header = ["peer", ours, "peer's", "ratio", "spread (pairs)", "CPU time for each", "in the kernel"];
  const remarks = group.flatMap(({ peer, pairs }) =>
    remarksOn(pairs.map((pair) => pair.peer)).map((remark) => `- ${peer}: ${remark}`),
  );
  return [heading, table(header, rows), ...(remarks.length === 0 ? [] : [remarks.join("\n")])].join("\n\n");
}

const MANY_RESETS = 0.01;
/** A client and the server may see the last few requests of a run differently. */
const CLAIMED_OTHERWISE = 0.01;

/** What makes a peer's figure something else than it seems. */
function remarksOn(runs: readonly Run[]): string[] {
  if (runs.length === 0) return [];
  const remarks: string[] = [];
  const resets = median(runs.map((run) => run.resets));
  if (resets > MANY_RESETS) remarks.push(`${percent(resets)} of its connections end in resets`);
  if (runs.every(({ claim }) => claim === null)) remarks.push("does not end by itself");
  const claims = runs.flatMap(({ claim, total }) =>
    claim?.requests === undefined || claim.requests === null || total.requests === null || total.requests === 0
      ? []
      : [claim.requests / total.requests],
  );
  if (claims.length > 0 && Math.abs(median(claims) - 1) > CLAIMED_OTHERWISE)
    remarks.push(`it says ${percent(median(claims))} of the requests that the server counted`);
  return remarks;
}

function each(runs: readonly Run[], mode: Mode): string {
  const cost = cpuEachUs(runs, mode);
  return cost === null ? "" : `${cost.toFixed(1)} µs`;
}

function share(runs: readonly Run[]): string {
  const known = kernelShare(runs.map(({ cpu }) => cpu));
  return known === null ? "" : percent(known);
}

/** A row for each number of sockets, a column for each means. */
function samplingTables({ readings, sampler, load, closing }: SamplingRows): string {
  const methods = [...new Set(readings.map(({ method }) => method))];
  const cell = (sockets: number, method: string): string => {
    const row = readings.find((one) => one.sockets === sockets && one.method === method);
    return row === undefined ? "" : micros(row.medianUs);
  };
  const counts = [...new Set(readings.map(({ sockets }) => sockets))];
  const rows = counts.map((sockets) => [whole(sockets)].concat(methods.map((method) => cell(sockets, method))));
  const perSec = Math.round(1000 / load.everyMs);
  return (
    `**One reading of a host's sockets**\n\n${table(["sockets in TIME_WAIT", ...methods], rows)}\n\n` +
    `Sampling ${perSec} times a second on both hosts leaves ${load.client} ${leftOf(load)}, and takes ` +
    `${percent(sampler.coreShare)} of one core a host.` +
    (closing === undefined ? "" : ` In \`close\` mode it leaves ${leftOf(closing)}.`)
  );
}

function leftOf({ pairs, cpu, ...perSec }: LoadRow): string {
  const one = ({ medianRatio, lowerQuartile, upperQuartile, control }: Omit<LoadRow, "pairs">, of: string): string =>
    `${percent(medianRatio)} of ${of} (the middle half of ${pairs} pairs: ${percent(lowerQuartile)} to ` +
    `${percent(upperQuartile)}; with nothing switched on, ${percent(control.lowerQuartile)} to ` +
    `${percent(control.upperQuartile)})`;
  return (
    one(perSec, "its requests/s") +
    (cpu === undefined ? "" : ` and ${one({ ...perSec, ...cpu }, "the CPU time that all use")}`)
  );
}

/** A row for each view and mode; in each cell a median with the middle half of the pairs. */
function viewTable({ rows, loadBefore }: ViewRows): string {
  const cell = ({ medianRatio, lowerQuartile, upperQuartile }: Ratios): string =>
    `${percent(medianRatio)} (${(lowerQuartile * 100).toFixed(0)} to ${(upperQuartile * 100).toFixed(0)})`;
  const line = (view: string, mode: Mode, { perSec, p99, cpu }: ViewRows["rows"][0]["figures"]): string[] => [
    view,
    mode,
    cell(perSec),
    cell(p99),
    cell(cpu),
  ];
  // The control is the same for all views of a mode.
  const controls = rows.filter(({ view }) => view === rows[0]!.view);
  const lines = [
    ...rows.map(({ view, mode, figures }) => line(`\`${view}\``, mode, figures)),
    ...controls.map(({ mode, control }) => line("none", mode, control)),
  ];
  return (
    `**A load with a live view, over the same without**\n\n` +
    `${table(["view", "mode", "requests/s", "p99", "CPU time left"], lines)}\n\n` +
    `The median of ${rows[0]!.pairs} pairs, and their middle half. The view of \`bench run close-vs-keepalive\` is switched on and ` +
    `off while a load goes on; a pair is four windows of half a second, on off off on or the reverse. The screen has 120 × 40 ` +
    `characters; the live page has one viewer, which reads all and draws nothing. In the rows "none" nothing is switched: they ` +
    `tell what the machine does by itself` +
    (loadBefore > BUSY ? ", and it was not idle (load average before " + loadBefore.toFixed(1) + ")." : ".")
  );
}

function micros(figure: number): string {
  return figure < 1000 ? `${figure.toFixed(0)} µs` : `${(figure / 1000).toFixed(1)} ms`;
}

const BUSY = 0.5;

export function machineLine(machine: Machine): string {
  const memory = Math.round(machine.memoryBytes / 2 ** 30);
  return (
    `Measured on ${machine.cpu}, ${machine.cores} cores, ${memory} GiB, Linux ${machine.kernel}, ` +
    `Node ${machine.node.replace(/^v/u, "")}, load average before ${machine.loadBefore.toFixed(1)}` +
    (machine.loadBefore > BUSY ? " (it was not idle: take the figures with care)." : ".")
  );
}

function toolsLine({ ours, peers, nginx }: BenchmarkResult): string {
  const named = (name: string, version: string | null): string => (version === null ? name : `${name} ${version}`);
  const tools = [ours, ...peers].map(({ name, version, threading }) =>
    threading === "its own" ? `${named(name, version)} (as many threads as it likes)` : named(name, version),
  );
  return `${[...tools, ...(nginx === null ? [] : [`nginx ${nginx}`])].join(", ")}.`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

function whole(figure: number): string {
  return Math.round(figure).toLocaleString("en-US");
}

function firstLine(text: string | null): string {
  return text?.split("\n")[0] ?? "interrupted";
}
