import type { RunEvent } from "../events/types.js";
import type { Role } from "../scenario/types.js";
import { closerOf, isFull } from "./closer.js";
import type { LiveHost, LiveLink, LiveLoad, LiveNotice, LiveRun, LiveTrial, NoticeFigures } from "./types.js";
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
    const say = ([which, notice]: Tellable): void => {
      const key = `${variant} ${which}`;
      if (this.#said.has(key)) return;
      this.#said.add(key);
      this.#run.notices.push({ ...notice, atMs: event.atMs, variant, trial: trial.trial } as LiveNotice);
    };
    if (event.type === "progress") {
      const load = trial.loads.find(({ step }) => step === event.step);
      if (load !== undefined) ofLoad(load, trial).forEach(say);
    }
    if (event.type !== "sample") return;
    const host = trial.hosts.find(({ name }) => name === event.host);
    if (host === undefined) return;
    ofHost(host, trial).forEach(say);
    if (event.sample.kind === "table") trial.links.flatMap(ofLink).forEach(say);
  }
}

type Told = Omit<LiveNotice, "atMs" | "variant" | "trial">;
type Tellable = [which: string, notice: Told];
type Where = Pick<LiveNotice, "step" | "link">;

function saying<Code extends LiveNotice["code"]>(
  code: Code,
  severity: LiveNotice["severity"],
  figures: NoticeFigures[Code],
  where: Where = { step: null, link: null },
): Told {
  return { code, severity, figures, ...where };
}

function ofLink({ from, to, port, ports, limit }: LiveLink): Tellable[] {
  if (ports === null || limit === null || limit === 0 || ports.used < HALF * limit) return [];
  const at = { step: null, link: { from, to } };
  const figures = { used: ports.used, ports: limit };
  const which = `${from} ${to} ${port}`;
  const half: Tellable = [`ports-half ${which}`, saying("ports-half", "fact", figures, at)];
  if (ports.used < NEARLY * limit) return [half];
  return [half, [`scarce ${which}`, saying("ports-scarce", "notice", figures, at)]];
}

function ofLoad({ step, succeeded, failed, noPort }: LiveLoad, { links }: LiveTrial): Tellable[] {
  if (failed === null || failed === 0) return [];
  const { from, to } = links.find(({ own }) => own) ?? { from: "client", to: "server" };
  const ended = succeeded + failed;
  if (noPort === 0)
    return [[`failed ${step}`, saying("requests-failed", "problem", { failed, ended }, { step, link: null })]];
  return [[`no-port ${step}`, saying("ports-exhausted", "problem", { noPort, ended }, { step, link: { from, to } })]];
}

function ofHost(host: LiveHost, trial: LiveTrial): Tellable[] {
  const told = gathering(trial);
  const { name, timeWait, left, finWait2, tracked } = host;
  const { buckets, tracked: room } = host.limits;
  if (timeWait !== null && buckets !== null && buckets > 0 && isFull(host)) {
    const figures = { host: name, held: timeWait + left + finWait2, limit: buckets };
    told.push([`buckets ${name}`, saying("buckets-overflow", "notice", figures)]);
  }
  if (tracked !== null && room !== null && room > 0 && tracked >= NEARLY * room)
    told.push([`conntrack ${name}`, saying("conntrack-full", "notice", { host: name, tracked, room })]);
  return told;
}

function gathering(trial: LiveTrial): Tellable[] {
  const end = (role: Role): Parameters<typeof closerOf>[0] => ({
    timeWait: timeWaitOf(trial, role).last?.value ?? null,
    host: trial.hosts.find(({ name }) => name === trial.sides[role].host),
  });
  const [{ timeWait: client }, { timeWait: server }] = [end("client"), end("server")];
  const closer = closerOf(end("client"), end("server"));
  if (closer === null || Math.max(client ?? 0, server ?? 0) < GATHER) return [];
  const figures = { client, server, closer: closer === "from" ? "client" : "server" } as const;
  return [["holder", saying("holder", "fact", figures)]];
}
