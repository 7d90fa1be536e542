/** The map of rooms: what each is for, and which may import from which. How to read it: .github/CONTRIBUTING.md. */

export interface Room {
  job: string;
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
  "cli.ts": {
    job: "arguments → command → exit code; the only file that reads `process` and writes to the console",
    code: ["commands", "text", "waiting", "errors.ts"],
    shapes: [],
    powers: ["files"],
  },
  commands: {
    job: "one file a subcommand: options in, exit code out",
    code: [
      "bench.ts",
      "audit",
      "doctor",
      "events",
      "viewers",
      "live",
      "page",
      "report",
      "compare",
      "result",
      "screen",
      "states",
      "watch",
      "revisions",
      "lessons",
      "scenario",
      "scenario/phases",
      "scenario/parts",
      "words",
      "text",
      "errors.ts",
    ],
    shapes: [],
    powers: [],
  },
  lessons: {
    job: "lesson files → steps; guesses held against what was measured; what is kept between two calls",
    code: [
      "compare",
      "result",
      "scenario",
      "scenario/expect",
      "scenario/parts",
      "scenario/source",
      "words",
      "text",
      "folder.ts",
      "places.ts",
      "errors.ts",
    ],
    shapes: ["scenario/claim"],
    powers: ["files"],
  },
  revisions: {
    job: "two git revisions, each in a worktree of its own, built; nothing left of them",
    code: ["waiting", "folder.ts", "errors.ts"],
    shapes: [],
    powers: ["files", "processes"],
  },
  doctor: {
    job: "really tries what a machine can do",
    code: ["server", "lab", "errors.ts"],
    shapes: ["scenario"],
    powers: ["processes"],
  },
  "bench.ts": {
    job: "the story of one run",
    code: ["trial", "client", "lab", "result", "waiting", "errors.ts"],
    shapes: ["events", "scenario"],
    powers: [],
  },
  trial: {
    job: "the story of one trial (`measure.ts`), with one load or step by step (`steps.ts`); knows every working room",
    code: ["client", "server", "probe", "lab", "result", "kernel", "waiting", "errors.ts"],
    shapes: ["events", "scenario", "scenario/phases", "sampler"],
    powers: [],
  },
  events: {
    job: "the one stream of what happens in a run: its types, its clock, its emitter",
    code: [],
    shapes: ["result", "scenario", "scenario/phases", "lab", "sampler", "client"],
    powers: [],
  },
  screen: {
    job: "takes a terminal for itself and gives it back as it was; what a run looks like on it, as lines",
    code: ["live", "report", "stats", "text"],
    shapes: ["sampler", "scenario", "scenario/phases"],
    powers: ["files"],
  },
  viewers: {
    job: "serves the live page on this machine to whoever has its token; opens a browser",
    code: ["live", "page", "text"],
    shapes: ["events", "lessons"],
    powers: ["files", "network", "processes"],
  },
  page: {
    job: "results and comparisons → one view → components → a page in one file; its script for the browser",
    code: ["report", "live", "findings", "links", "metrics", "compare", "words", "text", "stats", "places.ts"],
    shapes: ["result", "sampler", "scenario", "scenario/claim", "lessons"],
    powers: ["files"],
  },
  live: {
    job: "the events of runs that go on → one state that every live view draws; a saved result → its events again; pure",
    code: ["result", "findings", "links", "text"],
    shapes: ["events", "sampler", "scenario", "scenario/claim", "scenario/phases"],
    powers: [],
  },
  report: {
    job: "a result or a comparison → text, Markdown, JSON, JUnit XML, CSV",
    code: ["audit", "findings", "metrics", "compare", "words", "text", "stats"],
    shapes: ["events", "result", "links", "states", "watch", "scenario", "scenario/claim"],
    powers: [],
  },
  audit: {
    job: "situations as scenarios, with a client put in; their results → what it says, the server saw, the kernels counted; each difference in words; pure",
    code: ["text"],
    shapes: ["result", "scenario"],
    powers: [],
  },
  compare: {
    job: "two results → better, worse, same or unclear, metric by metric; gates",
    code: ["links", "metrics", "text", "stats", "errors.ts"],
    shapes: ["result", "scenario", "scenario/phases", "findings"],
    powers: [],
  },
  result: {
    job: "the document that a run leaves: shape, figures, books, warnings, reading and writing",
    code: ["findings", "links", "metrics", "text", "stats", "folder.ts", "places.ts", "errors.ts"],
    shapes: ["scenario", "scenario/claim", "scenario/phases", "lab", "sampler", "client", "client/tools"],
    powers: ["files"],
  },
  watch: {
    job: "a namespace as it goes on: who closes and how often, by peer and port; ports left and until when; what stands out",
    code: ["findings", "links", "states", "sampler", "kernel", "text", "errors.ts"],
    shapes: [],
    powers: ["files"],
  },
  states: {
    job: "the sockets of a namespace now, by side and port; finds and enters namespaces of processes and of running labs",
    code: ["lab", "sampler", "kernel", "waiting", "places.ts", "errors.ts"],
    shapes: [],
    powers: ["files", "processes"],
  },
  "agent.ts": {
    job: "the story of one host, from inside",
    code: ["lab/inside", "sampler", "kernel", "waiting", "errors.ts"],
    shapes: ["lab"],
    powers: ["processes"],
  },
  client: {
    job: "makes the load, records each outcome",
    code: ["client/tools", "kernel", "stats", "go-toolchain.ts", "schedstat.ts", "waiting", "places.ts", "errors.ts"],
    shapes: ["metrics", "scenario", "lab"],
    powers: ["processes", "network", "threads"],
  },
  "client/tools": {
    job: "one file a load generator of other people: its command line out, its claims in; pure",
    code: [],
    shapes: ["scenario"],
    powers: [],
  },
  probe: {
    job: "single sockets with chosen options, segments as wanted, and what the kernel says to each",
    code: ["kernel", "waiting", "places.ts", "errors.ts"],
    shapes: ["scenario", "scenario/phases", "lab"],
    powers: [],
  },
  server: {
    job: "starts the server under test, waits until it is ready",
    code: ["lab", "kernel", "go-toolchain.ts", "waiting", "places.ts", "errors.ts"],
    shapes: ["scenario"],
    powers: ["network", "threads"],
  },
  lab: {
    job: "hosts: made, wired, entered, removed; the messages to and from their agents",
    code: ["lab/inside", "kernel", "waiting", "places.ts", "errors.ts"],
    shapes: ["scenario", "scenario/phases", "sampler"],
    powers: ["files", "processes"],
  },
  "lab/inside": {
    job: "what an agent does on its host, other than sampling",
    code: ["sampler", "stats", "kernel", "schedstat.ts", "waiting", "errors.ts"],
    shapes: ["lab"],
    powers: ["files", "processes", "network"],
  },
  sampler: {
    job: "reads socket tables and counters, parses them, interprets nothing",
    code: ["kernel", "places.ts"],
    shapes: ["scenario"],
    powers: ["files", "threads"],
  },
  scenario: {
    job: "YAML → a validated, resolved `Scenario`, or errors at file:line:column",
    code: [
      "scenario/claim",
      "scenario/phases",
      "scenario/expect",
      "scenario/parts",
      "scenario/source",
      "text",
      "places.ts",
      "errors.ts",
    ],
    shapes: [],
    powers: ["files"],
  },
  "scenario/claim": {
    job: "a claim's figures and rules, as written and as meant",
    code: ["scenario/expect", "scenario/parts", "scenario/source"],
    shapes: [],
    powers: [],
  },
  "scenario/phases": {
    job: "the steps of a variant, one table for each group of kinds: fields, defaults, meaning, figures",
    code: ["metrics", "scenario/expect", "scenario/parts", "scenario/source"],
    shapes: [],
    powers: [],
  },
  "scenario/expect": {
    job: "the language of `expect` and `gates`",
    code: ["findings", "metrics", "scenario/source"],
    shapes: [],
    powers: [],
  },
  "scenario/parts": {
    job: "server, lab, load and sampling: fields, defaults, as written and as meant; kinds of values",
    code: ["scenario/source"],
    shapes: [],
    powers: [],
  },
  "scenario/source": {
    job: "a text of YAML → data; where each field stands in it; faults with a caret, and what was probably meant",
    code: ["text", "errors.ts"],
    shapes: [],
    powers: [],
  },
  findings: {
    job: "what a result tells in words, as data: code, severity, link, figures; the texts in a catalogue by code, one a language; pure",
    code: ["links", "metrics", "text"],
    shapes: ["scenario", "scenario/phases"],
    powers: [],
  },
  links: {
    job: "tables of states and counters of every host → each link: opened, TIME_WAIT at both ends, who closed first; pure",
    code: ["stats"],
    shapes: ["metrics", "sampler"],
    powers: [],
  },
  metrics: {
    job: "the one table of metrics: name, unit, meaning, tier, row; what follows from it by itself",
    code: [],
    shapes: [],
    powers: [],
  },
  words: {
    job: "what reports, pages and lessons say of their own, by key, one folder a language; pure",
    code: ["text", "errors.ts"],
    shapes: [],
    powers: [],
  },
  text: {
    job: "figures and units, display width, columns, wrapping; what is printable, and its escapes in Markdown, XML and CSV",
    code: [],
    shapes: [],
    powers: [],
  },
  stats: { job: "pure arithmetic: histograms, resampling. No clock", code: [], shapes: [], powers: [] },
  kernel: {
    job: "what Node does not offer, typed: sockets, epoll, netlink; the one clock",
    code: [],
    shapes: [],
    powers: ["system calls"],
  },
  "schedstat.ts": {
    job: "how long threads ran, and how long they waited for a processor",
    code: [],
    shapes: [],
    powers: ["files"],
  },
  "go-toolchain.ts": {
    job: "builds programs of ours in Go, once, into the cache",
    code: ["folder.ts", "waiting", "errors.ts"],
    shapes: ["scenario"],
    powers: ["files", "processes"],
  },
  waiting: {
    job: "every wait for another process has an end: it dies, is stopped, stays silent, or the run is interrupted; ends what descends from a process",
    code: [],
    shapes: [],
    powers: ["files"],
  },
  "folder.ts": {
    job: "makes folders, and makes sure that nobody else can put something in their place",
    code: ["errors.ts"],
    shapes: [],
    powers: ["files"],
  },
  "places.ts": {
    job: "where this package's own files are, for code in `src/` and in the bundle",
    code: [],
    shapes: [],
    powers: ["files"],
  },
  "errors.ts": {
    job: "`BenchError` and the table of its codes; every room may use it",
    code: [],
    shapes: [],
    powers: [],
  },
} as const satisfies Record<
  string,
  { job: string; code: readonly string[]; shapes: readonly string[]; powers: readonly Power[] }
>;
