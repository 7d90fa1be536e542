import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const END_TO_END = "test/end-to-end/**/*.test.ts";
const CLAIMS = "test/claims/**/*.test.ts";

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
          exclude: [END_TO_END, CLAIMS],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "end-to-end",
          include: [END_TO_END],
          // These measure: one at a time, and when nothing else runs.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "claims",
          include: [CLAIMS],
          // Each in labs of its own, and most of them wait: verdicts have to be the same on a busy machine.
          maxWorkers: 3,
          testTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
