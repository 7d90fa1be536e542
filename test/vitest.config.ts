import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const END_TO_END = ["test/end-to-end/**/*.test.ts", "test/claims/**/*.test.ts"];
/** Their figures, or the moments at which they act, would suffer from neighbours. */
const MEASURING =
  "test/end-to-end/{clients-agree,epoll,interruption,known-workload,main-job,pace,permissions,warm-up}.test.ts";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    reporters: ["default", fileURLToPath(new URL("support/skip-reporter.ts", import.meta.url))],
    projects: [
      {
        extends: true,
        test: {
          name: "rooms",
          include: ["test/**/*.test.ts"],
          exclude: END_TO_END,
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "end-to-end",
          include: END_TO_END,
          exclude: [MEASURING],
          // Each in labs of its own, and most of them wait. What they assert has to hold on a busy machine too.
          maxWorkers: 3,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "measuring",
          include: [MEASURING],
          // One at a time, and when nothing else runs.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
