import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listScenarios } from "../../src/scenario/find.js";
import type { Verdict } from "../../src/scenario/claim/types.js";
import type { RunResultSet } from "../../src/result/types.js";
import { ROOT, runBench } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

/** Each as it comes out on a kernel of these years (seen on Linux 6.18); where another one differs, that is news. */
const VERDICTS: Record<string, Verdict> = {
  "active-closer": "confirmed",
  "client-runs-out": "confirmed",
  "close-wait-leak": "partly",
  "conntrack-timeout": "refuted",
  "fin-timeout": "refuted",
  "four-tuple-blocked": "partly",
  "go-hello-world": "partly",
  "half-dead": "partly",
  "http10-server-closes": "confirmed",
  "http11-default-close": "refuted",
  "keep-alive-cures": "confirmed",
  "keepalive-time": "partly",
  "lasts-240s": "refuted",
  "lasts-60s": "confirmed",
  "linger-seconds": "partly",
  "linger-zero": "confirmed",
  "lost-last-ack": "confirmed",
  "max-tw-buckets": "partly",
  "memory-per-socket": "refuted",
  "nat-balancer-limit": "refuted",
  "newer-syn-accepted": "confirmed",
  "only-client-closes": "refuted",
  "ports-in-total": "refuted",
  "posted-sysctl-conf": "partly",
  "restart-fails": "partly",
  "same-port-bind": "partly",
  "server-runs-out": "refuted",
  "state-table": "confirmed",
  "syn-backlog": "partly",
  "syn-sent": "confirmed",
  syncookies: "partly",
  "thousand-per-second": "refuted",
  "timestamps-default": "confirmed",
  "tw-recycle": "gone",
  "tw-reuse-client": "partly",
  "tw-reuse-server": "refuted",
  "two-thousand-concurrent": "refuted",
  "wider-range": "partly",
};

/** Three minutes on two cores by themselves; other work on the machine may take its time from them. */
const TIMEOUT_MS = 540_000;

test("every claim has its verdict, all in one run, in one table", { timeout: TIMEOUT_MS }, async () => {
  // The same command as a reader of the README would type.
  expect(readFileSync(join(ROOT, "README.md"), "utf8")).toContain("npx bench run claims\n");
  const cwd = temporaryFolder();
  const run = await runBench(["run", "claims", "--quiet", "-o", "r.json"], { cwd, timeoutMs: TIMEOUT_MS });
  expect(leftovers(run.mark)).toEqual([]);
  const { results } = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResultSet;
  const verdicts = Object.fromEntries(results.map(({ claim }) => [claim!.id, claim!.verdict]));
  const reasons = results.map(({ claim }) => `${claim!.id}: ${claim!.verdict}: ${claim!.reason}`);
  const differ = reasons.filter((line) => !line.includes(`: ${VERDICTS[line.split(":")[0]!]}: `));
  expect(differ).toEqual([]);
  expect(verdicts).toEqual(VERDICTS);
  expect(run.exitCode).toBe(0);
  for (const id of Object.keys(VERDICTS)) expect(run.stdout).toContain(id);

  const markdown = await runBench(["report", "r.json", "--format", "markdown"], { cwd });
  const rows = markdown.stdout.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| id"));
  expect(rows.length).toBeGreaterThanOrEqual(Object.keys(VERDICTS).length);
});

test("there is an expected verdict for every claim", async () => {
  const listed = (await listScenarios("/nonexistent"))
    .map(({ name }) => name)
    .filter((name) => name.startsWith("claims/"));
  expect(Object.keys(VERDICTS).toSorted()).toEqual(listed.map((name) => name.slice("claims/".length)).toSorted());
});
