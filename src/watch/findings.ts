import type { FindingCode } from "../findings/codes.js";
import type { FiguresOf } from "../findings/figures.js";
import { programIn } from "../findings/programs.js";
import { remedyTexts, toldText } from "../findings/told.js";
import { chosen, REMEDIES, type Remedy } from "../findings/remedies.js";
import { count, decimal, span } from "../text/figures.js";
import { counted } from "../words/say.js";
import { sayOnWatch } from "../words/watch.js";
import type { WatchedLink, WatchFinding, WatchView } from "./types.js";

/** As in a run: connect() searches long, and finds none before the last one is taken. */
const SCARCE = 0.9;
const EXHAUSTED = 0.99;

/** What stands out, the worst first; in the words that a result has where it has them. */
export function findingsIn(view: Omit<WatchView, "findings">, host: string, buckets: number | null): WatchFinding[] {
  const all = [...view.links.flatMap((link) => ofLink(link, host)), ...ofHost(view, host, buckets)];
  const order = ["problem", "notice", "fact"];
  return all.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function ofLink(link: WatchedLink, host: string): WatchFinding[] {
  const { ports, closeWaitStays, owner } = link;
  const to = peerName(link);
  const program = owner === null ? null : programIn(owner.name);
  const mending = mend(program === null ? "ports" : "reuse", { host, to }, owner?.name);
  const findings: WatchFinding[] = [];
  if (ports !== null && ports.used >= SCARCE * ports.limit) {
    const severity = ports.used >= EXHAUSTED * ports.limit ? "problem" : "notice";
    findings.push(told("ports-scarce", severity, { used: ports.used, ports: ports.limit }, { host, to, mending }));
  } else if (ports !== null && typeof ports.emptyInMs === "number") {
    const { recentClosesPerSec: perSec, isAtLeast } = link;
    const rate =
      perSec === null || perSec === 0
        ? sayOnWatch("leak-rate")
        : sayOnWatch(isAtLeast ? "closes-rate-least" : "closes-rate", { n: decimal(perSec) });
    const figures = { rate, host, to, span: span(ports.emptyInMs), used: count(ports.used), limit: count(ports.limit) };
    const text = sayOnWatch(isAtLeast ? "runs-out-or-sooner" : "runs-out", figures);
    findings.push({ code: "forecast", severity: "problem", text, ...mending });
  }
  if (closeWaitStays > 0) {
    const whose = owner === null ? sayOnWatch("program-does-not") : sayOnWatch("owner-does-not", owner);
    findings.push({
      code: "close-wait",
      severity: "notice",
      text: sayOnWatch("close-wait", { n: counted("connection", closeWaitStays), to, whose }),
      remedy: sayOnWatch("close-on-end"),
      source: "https://www.rfc-editor.org/rfc/rfc9293#section-3.6",
    });
  }
  return findings;
}

function ofHost({ since, population }: Omit<WatchView, "findings">, host: string, limit: number | null) {
  if (since === null) return [];
  const findings: WatchFinding[] = [];
  const { listenOverflows: overflows, listenDrops: drops, timeWaitOverflows: refused } = since;
  if (overflows + drops > 0) {
    const mending = mend("accept-queue", { host, to: "" });
    findings.push(told("listen-overflow", "problem", { host, overflows, drops }, { host, to: "", mending }));
  }
  if (refused > 0) {
    const figures = { host, refused, limit, peak: population.timeWait };
    findings.push(
      told("buckets-overflow", "notice", figures, { host, to: "", mending: mend("buckets", { host, to: "" }) }),
    );
  }
  return findings;
}

function told<Code extends FindingCode>(
  code: Code,
  severity: WatchFinding["severity"],
  figures: FiguresOf[Code],
  { host, to, mending }: { host: string; to: string; mending: Pick<WatchFinding, "remedy" | "source"> },
): WatchFinding {
  const text = toldText(code, figures, { variant: "", step: null, link: { from: host, to } });
  return { code, severity, text, ...mending };
}

function mend(remedy: Remedy, at: { host: string; to: string }, command = ""): Pick<WatchFinding, "remedy" | "source"> {
  const program = programIn(command);
  return {
    remedy: chosen(remedyTexts()[remedy], program)({ remedy, ...at }),
    source: chosen<string | null>(REMEDIES[remedy], program),
  };
}

/** `10.0.0.2:8080`, `[fd00::1]:443`, `others:443`. */
function peerName({ peer, port }: WatchedLink): string {
  const address = peer === null ? sayOnWatch("others") : peer.includes(":") ? `[${peer}]` : peer;
  return port === null ? address : `${address}:${port}`;
}
