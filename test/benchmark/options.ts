import { parseArgs } from "node:util";
import { EVERYTHING, type Wanted } from "./programme.js";

export interface BenchmarkOptions {
  /** At most so many pairs a comparison. */
  pairs: number;
  /** The length of a window. */
  seconds: number;
  connections: number;
  /** The kind of client that is held against the peers. */
  ours: "epoll" | "undici" | "autocannon";
  /** Names of peers; null: every one that is found. */
  only: readonly string[] | null;
  wanted: Wanted;
  /** Whether to measure what sampling costs, too. */
  sampling: boolean;
  /** In how many pairs of windows to measure what live views cost; 0: not at all. */
  views: number;
  /** No client is compared: what sampling and live views cost is measured anew, and the rest of the last benchmark kept. */
  onlyCosts: boolean;
}

export const USAGE = `npm run benchmark -- [options]
  --pairs 5                 pairs a comparison, at most; with 3 and every peer it takes about nine minutes
  --seconds 2               measured of each run
  --connections 50
  --only wrk,ab             peers; every one that is found
  --mode close,keep-alive
  --server nginx,node
  --threads 1,2
  --ours epoll              the client that is held against the peers: epoll, undici, autocannon
  --no-sampling             leaves out what sampling costs
  --views 20                pairs without and with each live view; 0 leaves them out
  --only-costs              measures what sampling and live views cost anew, and keeps the rest of the last benchmark
`;

/** @throws Error with a sentence for the user */
export function parseOptions(args: readonly string[]): BenchmarkOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pairs: { type: "string", default: "5" },
      seconds: { type: "string", default: "2" },
      connections: { type: "string", default: "50" },
      only: { type: "string" },
      mode: { type: "string" },
      server: { type: "string" },
      threads: { type: "string" },
      ours: { type: "string", default: "epoll" },
      "no-sampling": { type: "boolean", default: false },
      views: { type: "string", default: "20" },
      "only-costs": { type: "boolean", default: false },
    },
  });
  return {
    pairs: positive("--pairs", values.pairs),
    seconds: positive("--seconds", values.seconds),
    connections: positive("--connections", values.connections),
    ours: oneOf("--ours", values.ours, ["epoll", "undici", "autocannon"]),
    only: values.only?.split(",") ?? null,
    wanted: {
      servers: someOf("--server", values.server, EVERYTHING.servers),
      modes: someOf("--mode", values.mode, EVERYTHING.modes),
      threads: values.threads?.split(",").map((count) => positive("--threads", count)) ?? EVERYTHING.threads,
    },
    sampling: !values["no-sampling"],
    views: values.views === "0" ? 0 : positive("--views", values.views),
    onlyCosts: values["only-costs"],
  };
}

function positive(option: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/u.test(text)) throw new Error(`${option} takes a whole number above zero, not "${text}"`);
  return Number(text);
}

function someOf<Name extends string>(option: string, text: string | undefined, all: readonly Name[]): readonly Name[] {
  return text === undefined ? all : text.split(",").map((name) => oneOf(option, name, all));
}

function oneOf<Name extends string>(option: string, name: string, all: readonly Name[]): Name {
  const found = all.find((candidate) => candidate === name);
  if (found === undefined) throw new Error(`${option} takes ${all.join(", ")}, not "${name}"`);
  return found;
}
