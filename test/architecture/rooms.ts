/**
 * The map of rooms, as data: which room may import from which. The prose for it is in .github/CONTRIBUTING.md; whoever
 * changes one changes both.
 */

export interface Room {
  /** Rooms whose code it may run. */
  code: readonly RoomName[];
  /** Rooms of which it may only know the shapes: `import type`, or anything from a file called `types.ts`. */
  shapes: readonly RoomName[];
  /** What of the outside world it may touch. */
  powers: readonly Power[];
}

export type RoomName = keyof typeof ROOMS;
export type Power = "files" | "processes" | "network" | "system calls" | "threads";

/** Modules that reach out of the process. */
export const POWER_OF_MODULE: Readonly<Record<string, Power>> = {
  "node:fs": "files",
  "node:fs/promises": "files",
  "node:child_process": "processes",
  "node:cluster": "processes",
  "node:worker_threads": "threads",
  execa: "processes",
  "node:dgram": "network",
  "node:dns": "network",
  "node:dns/promises": "network",
  "node:http": "network",
  "node:http2": "network",
  "node:https": "network",
  "node:net": "network",
  "node:tls": "network",
  autocannon: "network",
  koffi: "system calls",
  undici: "network",
};

/** Top to bottom; a room is a folder of src/, or a file that stands alone there. */
export const ROOMS = {
  "cli.ts": { code: ["commands", "text", "waiting", "errors.ts"], shapes: [], powers: ["files"] },
  commands: {
    code: [
      "bench.ts",
      "doctor",
      "report",
      "compare",
      "result",
      "states",
      "revisions",
      "scenario",
      "scenario/phases",
      "scenario/parts",
      "text",
      "errors.ts",
    ],
    shapes: [],
    powers: [],
  },
  revisions: { code: ["waiting", "errors.ts"], shapes: [], powers: ["files", "processes"] },
  doctor: { code: ["server", "lab", "errors.ts"], shapes: ["scenario"], powers: ["processes"] },
  "bench.ts": { code: ["trial", "client", "lab", "result", "errors.ts"], shapes: ["scenario"], powers: [] },
  trial: {
    code: ["client", "server", "probe", "lab", "result", "kernel", "waiting", "errors.ts"],
    shapes: ["scenario", "scenario/phases", "sampler"],
    powers: [],
  },
  report: {
    code: ["metrics", "compare", "text", "stats"],
    shapes: ["result", "states", "scenario", "scenario/claim"],
    powers: [],
  },
  compare: { code: ["metrics", "text", "stats", "errors.ts"], shapes: ["result", "scenario"], powers: [] },
  result: {
    code: ["metrics", "text", "stats", "folder.ts", "errors.ts"],
    shapes: ["scenario", "scenario/claim", "scenario/phases", "lab", "sampler", "client"],
    powers: ["files"],
  },
  states: {
    code: ["lab", "sampler", "kernel", "waiting", "errors.ts"],
    shapes: [],
    powers: ["files", "processes"],
  },
  "agent.ts": {
    code: ["lab/inside", "sampler", "kernel", "waiting", "errors.ts"],
    shapes: ["lab"],
    powers: ["processes"],
  },
  client: {
    code: ["kernel", "stats", "go-toolchain.ts", "waiting", "errors.ts"],
    shapes: ["scenario", "lab"],
    powers: ["processes", "network", "threads"],
  },
  probe: { code: ["kernel", "waiting", "errors.ts"], shapes: ["scenario", "scenario/phases", "lab"], powers: [] },
  server: {
    code: ["lab", "kernel", "go-toolchain.ts", "waiting", "errors.ts"],
    shapes: ["scenario"],
    powers: ["network", "threads"],
  },
  lab: {
    code: ["lab/inside", "waiting", "errors.ts"],
    shapes: ["scenario", "scenario/phases", "sampler"],
    powers: ["files", "processes"],
  },
  "lab/inside": {
    code: ["sampler", "stats", "kernel", "waiting", "errors.ts"],
    shapes: ["lab"],
    powers: ["files", "processes", "network"],
  },
  sampler: { code: ["kernel"], shapes: ["scenario"], powers: ["files", "threads"] },
  scenario: {
    code: [
      "scenario/claim",
      "scenario/phases",
      "scenario/expect",
      "scenario/parts",
      "scenario/source",
      "text",
      "errors.ts",
    ],
    shapes: [],
    powers: ["files"],
  },
  "scenario/claim": {
    code: ["scenario/expect", "scenario/parts", "scenario/source"],
    shapes: [],
    powers: [],
  },
  "scenario/phases": {
    code: ["metrics", "scenario/expect", "scenario/parts", "scenario/source"],
    shapes: [],
    powers: [],
  },
  "scenario/expect": { code: ["metrics", "scenario/source"], shapes: [], powers: [] },
  "scenario/parts": { code: ["scenario/source"], shapes: [], powers: [] },
  "scenario/source": { code: ["text", "errors.ts"], shapes: [], powers: [] },
  metrics: { code: [], shapes: [], powers: [] },
  text: { code: [], shapes: [], powers: [] },
  stats: { code: [], shapes: [], powers: [] },
  kernel: { code: [], shapes: [], powers: ["system calls"] },
  "go-toolchain.ts": {
    code: ["folder.ts", "waiting", "errors.ts"],
    shapes: ["scenario"],
    powers: ["files", "processes"],
  },
  waiting: { code: [], shapes: [], powers: ["files"] },
  "folder.ts": { code: [], shapes: [], powers: ["files"] },
  "errors.ts": { code: [], shapes: [], powers: [] },
} as const satisfies Record<string, { code: readonly string[]; shapes: readonly string[]; powers: readonly Power[] }>;
