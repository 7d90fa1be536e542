import type { RunResult } from "../result/types.js";
import type { LabPlan, LoadPlan } from "../scenario/types.js";
import { count, decimal, span } from "../text/figures.js";
import { counted, say } from "../words/say.js";
import { hasSteps, named, type VariantView } from "./view.js";

/** `close-vs-keepalive · What Connection: close costs` */
export function headline({ scenario }: RunResult): string {
  return scenario.title === "" ? scenario.name : `${scenario.name} · ${scenario.title}`;
}

/** `2026-11-20 04:00 UTC` */
export function when({ startedAt }: RunResult): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/u.exec(startedAt);
  return match === null ? startedAt : `${match[1]} ${match[2]} UTC`;
}

/** Where and how it ran, in brief, a few words each: kernel, cores, Node, isolation, load. */
export function circumstances(result: RunResult, views: readonly VariantView[]): string[] {
  const { kernel, platform, cores, node, isolation } = result.environment;
  const system = platform === "linux" && !/^linux/iu.test(kernel) ? `Linux ${kernel}` : kernel;
  return [
    system,
    counted("core", cores),
    `Node ${node.replace(/^v/u, "")}`,
    ...(hasRun(result) ? whereItRan(isolation, views) : []),
    // Nobody chose the load of what was only watched.
    ...(isolation === "watched"
      ? [span(result.elapsedMs)]
      : common(views, (view) => (hasSteps(view) ? "" : loadText(view.plan.load)))),
    ...common(views, (view) => (hasSteps(view) ? "" : (view.plan.load.request?.method ?? "GET").replace("GET", ""))),
    ...common(views, (view) => (hasSteps(view) ? "" : warmUpText(view.plan.load))),
    ...common(views, (view) => (hasSteps(view) ? "" : paceText(view.plan.load))),
    ...common(views, (view) => (hasSteps(view) ? "" : pausesText(view.plan.load))),
    ...common(views, (view) => (hasSteps(view) ? resetsText(view.plan.lab.sysctl) : "")),
    ...common(views, ({ shown }) => (shown === null ? undefined : named(shown.clientName))),
    ...common(views, ({ shown }) => (shown === null ? undefined : serverText(named(shown.serverName)))),
  ].filter((text) => text !== "");
}

function whereItRan(isolation: RunResult["environment"]["isolation"], views: readonly VariantView[]): string[] {
  if (isolation === "watched") return [say("watched")];
  return [say(isolation === "namespace" ? "namespaces" : "no-isolation"), ...common(views, hostsText)];
}

/** `two-hosts`, `two-hosts, IPv6`. */
function hostsText({ topology, plan }: VariantView): string {
  return plan.lab.family === "ipv6" ? say("list", { a: topology, b: "IPv6" }) : topology;
}

/** What could not begin was neither isolated nor not. */
export function hasRun({ variants }: RunResult): boolean {
  return Object.values(variants).some(({ trials }) => trials.length > 0);
}

function loadText({ connections, requests, durationMs }: LoadPlan): string {
  const length = requests === null ? span(durationMs) : counted("request", requests);
  return say("list", { a: counted("connection", connections), b: length });
}

/** Where nothing was served there is no name. */
function serverText(name: string): string {
  return name === "" ? "" : say("server", { name });
}

/** Labs with steps set it where the scenario does not: a RST then ends no TIME_WAIT, which by default it does. */
function resetsText(sysctl: LabPlan["sysctl"]): string {
  return Object.values(sysctl).some((of) => of?.["net.ipv4.tcp_rfc1337"] === "1") ? say("no-rst-ends") : "";
}

function warmUpText({ warmupMs = 0 }: LoadPlan): string {
  return warmupMs === 0 ? "" : say("after-warm-up", { span: span(warmupMs) });
}

/** `2,000 requests/s`, `0 to 500 requests/s, Poisson`; nothing for a closed loop. */
function paceText({ pace }: LoadPlan): string {
  if (!pace) return "";
  const rates = pace.stages.flatMap(({ fromPerSec, toPerSec }) => [fromPerSec, toPerSec]);
  const [least, most] = [Math.min(...rates), Math.max(...rates)];
  const [low, high] = [decimal(least), decimal(most)];
  const rate = least === most ? high : say("range-of-rates", { low, high });
  const text = say("requests-per-sec", { rate });
  return pace.arrivals === "poisson" ? say("list", { a: text, b: "Poisson" }) : text;
}

/** `bursts of 200, pauses of 5 s`, `pauses of 1 s to 3 s`; nothing where the load never pauses. */
function pausesText({ pauses }: LoadPlan): string {
  if (pauses === undefined) return "";
  const { from, to } = pauses.thinkMs;
  const length = from === to ? span(from) : say("range-of-rates", { low: span(from), high: span(to) });
  const text = say("pauses-of", { length });
  return pauses.batch === null ? text : say("list", { a: say("bursts-of", { n: count(pauses.batch) }), b: text });
}

/** Why the figures are not all there; null for a complete run. */
export function statusLine({ status, elapsedMs, error }: RunResult): string | null {
  if (status === "complete") return null;
  const after = { span: span(elapsedMs) };
  if (status === "interrupted") return say("interrupted", after);
  return error === undefined ? say("failed", after) : say("failed-with", { ...after, message: error.message });
}

/** What all variants share, where they share it. */
function common(views: readonly VariantView[], of: (view: VariantView) => string | undefined): string[] {
  const values = new Set(views.map(of).filter((value) => value !== undefined));
  return values.size === 1 ? [...values] : [];
}
