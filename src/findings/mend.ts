import type { Variant } from "../scenario/types.js";
import { usedAtOnce } from "./closers.js";
import { programOn } from "./programs.js";
import { chosen, REMEDIES, type Remedy, type RemedyAt, type RemedyTexts } from "./remedies.js";
import type { Sighting } from "./sighting.js";
import type { FiguresOf } from "./types.js";

/** What helps, in words of one language, and who says so; nulls where nothing is known to. */
export interface Mending {
  remedy: string | null;
  source: string | null;
}

export function mend(one: Sighting, variant: Variant, texts: RemedyTexts): Mending {
  const at = remedyFor(one, variant);
  if (at === null) return { remedy: null, source: null };
  const program = programOn(variant, at.host, at.host === at.to);
  return {
    remedy: chosen(texts[at.remedy], program)(at),
    source: chosen<string | null>(REMEDIES[at.remedy], program),
  };
}

function remedyFor(one: Sighting, variant: Variant): RemedyAt | null {
  const { from, to } = one.link ?? { from: "client", to: "server" };
  const at = (remedy: Remedy, host: string): RemedyAt => ({ remedy, host, to });
  switch (one.code) {
    case "ports-exhausted":
      return one.figures.synRetrans === null ? at(portsOrReuse(from, variant), from) : at("nat-ports", from);
    case "ports-scarce":
      return at(portsOrReuse(from, variant), from);
    case "link-churns":
      return at("reuse", from);
    case "command-failed":
      return one.figures.timedOut ? at("step-timeout", one.figures.host) : null;
    case "listen-overflow":
      return at("accept-queue", one.figures.host === "the host" ? "server" : one.figures.host);
    case "buckets-overflow":
      return at("buckets", one.figures.host);
    case "conntrack-full":
      return at("conntrack", one.figures.host);
    case "closer-cause":
      return causeRemedy(one.figures, at, from, to);
    case "stale-connection":
      return at(usedAtOnce(one.figures.idleMs) ? "idle-limit" : "stale", to);
    case "client-starved":
    case "server-starved":
      return at("starved", one.figures.host);
    case "loopback-hides":
      return at("two-hosts", from);
    case "hidden-retries":
    case "requests-failed":
    case "resets":
    case "program-connections":
    case "nothing-measured":
    case "cable":
    case "holder":
    case "tracked":
    case "beside":
    case "cap":
    case "forecast":
      return null;
  }
}

/** A known program can be told how to reuse its connections; the load's own client does as the scenario says. */
function portsOrReuse(from: string, variant: Variant): Remedy {
  return from !== "client" && programOn(variant, from) !== null ? "reuse" : "ports";
}

function causeRemedy(
  { cause, requests }: FiguresOf["closer-cause"],
  at: (remedy: Remedy, host: string) => RemedyAt,
  from: string,
  to: string,
): RemedyAt | null {
  switch (cause) {
    case "answer":
      return at(requests !== null && requests.median > 1 ? "request-limit" : "refuses-keep-alive", to);
    case "idle":
      return at("idle-limit", to);
    case "body-unread":
      return at("body-unread", from);
    case "idle-pool":
      return at("idle-pool", from);
    case "asked":
    case "planned":
    case "not-as-planned":
    case "mid-request":
    case "timeout":
    case "malformed":
    case "error":
    case "client-limit":
    case "client-idle":
    case "unknown":
      return null;
  }
}
