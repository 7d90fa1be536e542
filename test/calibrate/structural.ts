import { comparedMetrics } from "../../src/compare/metrics.js";
import type { Side } from "../../src/compare/sides.js";
import { compareStructural } from "../../src/compare/structural.js";
import type { Judgement } from "../../src/compare/types.js";
import type { Trial } from "../../src/result/types.js";
import { seeded } from "../../src/stats/random.js";

/** What connections do, of services whose behaviour is known: what the structural tier tells of it. */

export interface Service {
  /** How many of the connections are open at the same time: opened however few requests there are. */
  connections: number;
  /** Of the requests that could use an open connection, the share that open one of their own. */
  churn: number;
  /** The share of the trials in which every open connection is lost once, all together. */
  lost: number;
  /** The share of the requests that are reset: a part of `churn`. */
  resets: number;
}

export interface Repeated {
  base: Service;
  head: Service;
  trials: number;
  /** How many requests a trial sends, from and to. */
  requests: readonly [from: number, to: number];
  seed: number;
}

const STEADY: Service = { connections: 10, churn: 0, lost: 0, resets: 0 };

/** Services that are held against themselves. */
export const SERVICES: Readonly<Record<string, Service>> = {
  "keeps 10 connections": STEADY,
  "a connection for each request": { ...STEADY, churn: 1 },
  "one request in five opens one": { ...STEADY, churn: 0.2 },
  "one request in fifty is reset": { ...STEADY, churn: 0.02, resets: 0.02 },
  "loses all of them in one trial of twenty": { ...STEADY, lost: 0.05 },
};

/** Faults: what the service did before, and what it does now. */
export const FAULTS: Readonly<Record<string, readonly [Service, Service]>> = {
  "opens one for each request": [STEADY, { ...STEADY, churn: 1 }],
  "opens one for every second request": [STEADY, { ...STEADY, churn: 0.5 }],
  "every fifth request is reset": [STEADY, { ...STEADY, churn: 0.2, resets: 0.2 }],
};

/** The verdict on all that connections do. */
export function structuralVerdict({ base, head, trials, requests, seed }: Repeated): Judgement {
  const random = seeded(seed);
  const side = (service: Service): Side => ({
    step: null,
    load: { connections: service.connections } as Side["load"],
    trials: Array.from({ length: trials }, () => trialOf(service, requests, random)),
    disturbed: false,
    findings: [],
  });
  const sides = [side(base), side(head)] as const;
  const judged = comparedMetrics(sides.flatMap(({ trials: of }) => of)).filter(
    ({ tier, better }) => tier === "structural" && better !== "neither",
  );
  const verdicts = judged.map((metric) => compareStructural(metric, ...sides).verdict);
  return (["worse", "better", "unclear"] as const).find((verdict) => verdicts.includes(verdict)) ?? "same";
}

function trialOf(service: Service, [from, to]: Repeated["requests"], random: () => number): Trial {
  const times = (of: number, chance: number): number => {
    if (chance === 0 || chance === 1) return of * chance;
    let count = 0;
    for (let one = 0; one < of; one++) if (random() < chance) count++;
    return count;
  };
  const sent = from + Math.floor(random() * (to - from + 1));
  const pool = Math.min(service.connections, sent);
  const lost = random() < service.lost ? pool : 0;
  const churned = times(sent - pool, service.churn);
  // What is reset was a connection, and another one is opened for it.
  const resets = service.resets === 0 ? 0 : times(churned, service.resets / service.churn);
  const opened = pool + lost + churned;
  const closed = Math.max(0, opened - resets);
  return {
    requests: { sent, succeeded: sent - resets, failed: resets, perSec: sent },
    connections: { opened, perSec: opened, requestsPer: sent / opened },
    timeWait: {
      client: { created: service.churn === 1 ? 0 : closed, peak: 0, end: 0 },
      server: { created: service.churn === 1 ? closed : 0, peak: 0, end: 0 },
    },
    closedFirst: { client: 0, server: closed / opened, reset: Math.min(1, resets / opened) },
    cpu: { client: null, server: null },
    errors: resets === 0 ? {} : { ECONNRESET: resets },
  } as unknown as Trial;
}
