import type { RunEvent } from "../events/types.js";
import { EN } from "../findings/en/en.js";
import type { FiguresOf } from "../findings/types.js";
import { count, plural } from "../text/figures.js";
import type { Role } from "../scenario/types.js";
import { closerOf, isFull } from "./closer.js";
import type { LiveHost, LiveLink, LiveLoad, LiveNotice, LiveRun, LiveTrial } from "./types.js";
import { timeWaitOf } from "./trial.js";

/** Parts of a limit at which something is said. */
const HALF = 0.5;
const NEARLY = 0.9;
/** So many sockets in TIME_WAIT on one side, and few on the other, are worth a word. */
const GATHER = 100;

/** What just became true: said once in each variant. */
export class NoticeBoard {
  readonly #run: LiveRun;
  readonly #said = new Set<string>();

  constructor(run: LiveRun) {
    this.#run = run;
  }

  /** Looks at what the event can have changed. */
  look(variant: string, trial: LiveTrial, event: RunEvent): void {
    const say = (which: string, notice: () => Told): void => {
      const key = `${variant} ${which}`;
      if (this.#said.has(key)) return;
      this.#said.add(key);
      this.#run.notices.push({ ...notice(), atMs: event.atMs, variant, trial: trial.trial });
    };
    if (event.type === "progress") {
      const load = trial.loads.find(({ step }) => step === event.step);
      if (load !== undefined) for (const [which, notice] of ofLoad(load, trial)) say(which, notice);
    }
    if (event.type !== "sample") return;
    const host = trial.hosts.find(({ name }) => name === event.host);
    if (host === undefined) return;
    for (const [which, notice] of ofHost(host, trial)) say(which, notice);
    if (event.sample.kind === "table")
      for (const link of trial.links) for (const [which, notice] of ofLink(link)) say(which, notice);
  }
}

type Told = Pick<LiveNotice, "code" | "severity" | "step" | "link" | "figures" | "text">;
/** What it says is put together only when it is said. */
type Tellable = [which: string, notice: () => Told];

function ofLink({ from, to, port, ports, limit }: LiveLink): Tellable[] {
  if (ports === null || limit === null || limit === 0 || ports.used < HALF * limit) return [];
  const at = { step: null, link: { from, to } };
  const figures = { used: ports.used, ports: limit };
  const which = `${from} ${to} ${port}`;
  const half = (): Told => ({
    code: "ports-half",
    severity: "fact",
    ...at,
    figures,
    text: `${from} has used ${count(figures.used)} of its ${count(limit)} local ports towards ${to}`,
  });
  const scarce = (): Told => ({
    code: "ports-scarce",
    severity: "notice",
    ...at,
    figures,
    text: EN.findings["ports-scarce"].text(figures, { variant: "", ...at }),
  });
  return [
    [`ports-half ${which}`, half],
    ...(ports.used < NEARLY * limit ? [] : [[`scarce ${which}`, scarce] as Tellable]),
  ];
}

function ofLoad({ step, succeeded, failed, noPort }: LiveLoad, { links }: LiveTrial): Tellable[] {
  if (failed === null || failed === 0) return [];
  const { from, to } = links.find(({ own }) => own) ?? { from: "client", to: "server" };
  const ended = succeeded + failed;
  const portless = (): Told => ({
    code: "ports-exhausted",
    severity: "problem",
    step,
    link: { from, to },
    figures: { noPort, ended },
    text: `first EADDRNOTAVAIL: ${from} had no free local port towards ${to} for ${plural(noPort, "request")}`,
  });
  const others = (): Told => ({
    code: "requests-failed",
    severity: "problem",
    step,
    link: null,
    figures: { failed, ended },
    text: `the first requests have failed: ${count(failed)} of ${count(ended)} that have ended`,
  });
  return noPort > 0 ? [[`no-port ${step}`, portless]] : [[`failed ${step}`, others]];
}

function ofHost(host: LiveHost, trial: LiveTrial): Tellable[] {
  const told = gathering(trial);
  const { name, timeWait, left, finWait2, tracked } = host;
  const { buckets, tracked: room } = host.limits;
  if (timeWait !== null && buckets !== null && buckets > 0 && isFull(host))
    told.push([`buckets ${name}`, () => bucketsFull(name, timeWait + left + finWait2, buckets)]);
  if (tracked !== null && room !== null && room > 0 && tracked >= NEARLY * room)
    told.push([`conntrack ${name}`, () => conntrackFull({ host: name, tracked, room })]);
  return told;
}

function bucketsFull(host: string, held: number, limit: number): Told {
  const text = `bucket limit reached: ${host} holds ${count(held)} sockets in TIME_WAIT, and net.ipv4.tcp_max_tw_buckets allows ${count(limit)}; its kernel ends more of them without it`;
  return { code: "buckets-overflow", severity: "notice", ...NOWHERE, figures: { host, held, limit }, text };
}

function conntrackFull(figures: FiguresOf["conntrack-full"]): Told {
  const text = EN.findings["conntrack-full"].text(figures, { variant: "", ...NOWHERE });
  return { code: "conntrack-full", severity: "notice", ...NOWHERE, figures: { ...figures }, text };
}

function gathering(trial: LiveTrial): Tellable[] {
  const end = (role: Role): Parameters<typeof closerOf>[0] => ({
    timeWait: timeWaitOf(trial, role).last?.value ?? null,
    host: trial.hosts.find(({ name }) => name === trial.sides[role].host),
  });
  const [{ timeWait: client }, { timeWait: server }] = [end("client"), end("server")];
  const closer = closerOf(end("client"), end("server"));
  if (closer === null || Math.max(client ?? 0, server ?? 0) < GATHER) return [];
  const where = closer === "from" ? "client" : "server";
  const text = `TIME_WAIT gathers on the ${where}: it closes first`;
  return [["holder", () => ({ code: "holder", severity: "fact", ...NOWHERE, figures: { client, server }, text })]];
}

const NOWHERE = { step: null, link: null };
