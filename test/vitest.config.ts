import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./support/longest-first.js";

const ARCHITECTURE = ["test/architecture/**/*.test.ts"];
/** They make labs, start programs, or make loads whose times they look at. The other tests of rooms are the quick ones. */
const LIVE = [
  "test/{client,doctor,lab,probe,support}/*.test.ts",
  "test/client/epoll/*.test.ts",
  "test/sampler/{every-state,gauge,gauge-ring,sampler,table}.test.ts",
  "test/states/lookout.test.ts",
  "test/kernel/sleep.test.ts",
  "test/trial/go-programs.test.ts",
  "test/waiting/kill-descendants.test.ts",
  "test/benchmark/sampling.test.ts",
  // They import what opens a lab, and open none.
  "test/bench.test.ts",
  // By simulation; it takes its time.
  "test/compare/statistics.test.ts",
];
/** Command lines in the tests' own process. They import what opens a lab, and open none. */
const COMMANDS = [
  "test/commands/{audit,bad-input,compare,import,progress,progress-on,report,sides}.test.ts",
  "test/lessons/lessons.test.ts",
];
const END_TO_END = ["test/end-to-end/**/*.test.ts", "test/claims/**/*.test.ts"];
/** Their figures, or the moments at which they act, would suffer from neighbours. */
const MEASURING = [
  "test/end-to-end/{clients-agree,epoll,interruption,known-workload,main-job,pace,permissions,warm-up,watch}.test.ts",
  "test/client/pace.test.ts",
  "test/client/{epoll,undici}/pace.test.ts",
];
/** All claims in one run, for which they are made: minutes, and some of them tell a second from another. */
const CLAIMS = ["test/claims/all.test.ts"];
/** The commands of the documents: minutes as well. */
const DOCUMENTS = ["test/end-to-end/readme.test.ts"];
/** A few seconds when nothing else runs; the machine may be everybody's. */
const UNLESS_IT_HANGS_MS = 90_000;
const BUILT = fileURLToPath(new URL("support/built.ts", import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    reporters: ["default", fileURLToPath(new URL("support/ci-reporter.ts", import.meta.url))],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "architecture",
          include: ARCHITECTURE,
          testTimeout: UNLESS_IT_HANGS_MS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "quick",
          include: ["test/**/*.test.ts"],
          exclude: [...ARCHITECTURE, ...LIVE, ...COMMANDS, ...END_TO_END, ...MEASURING],
          globalSetup: BUILT,
          // To load the code anew for each file would take longer than the tests.
          isolate: false,
          testTimeout: UNLESS_IT_HANGS_MS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "commands",
          include: COMMANDS,
          globalSetup: BUILT,
          // As with the quick ones.
          isolate: false,
          testTimeout: UNLESS_IT_HANGS_MS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "live",
          include: LIVE,
          exclude: MEASURING,
          globalSetup: BUILT,
          testTimeout: UNLESS_IT_HANGS_MS,
          // Some look at times: two at a time, and not beside the next, which fill the machine.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "end-to-end",
          include: END_TO_END,
          exclude: [...MEASURING, ...CLAIMS, ...DOCUMENTS],
          globalSetup: BUILT,
          // Each in labs of its own, and most of them wait. What they assert has to hold on a busy machine too.
          maxWorkers: 4,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "all-documents",
          include: DOCUMENTS,
          globalSetup: BUILT,
          maxWorkers: 4,
          // They are the only tests of one file that run at the same time.
          maxConcurrency: 3,
          testTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "measuring",
          include: MEASURING,
          globalSetup: BUILT,
          // One at a time, and when nothing else runs.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: { name: "all-claims", include: CLAIMS, globalSetup: BUILT, sequence: { groupOrder: 4 } },
      },
    ],
  },
});
