import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { startBench } from "../support/bench.js";
import { benchHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

const FAR = { delay: "5ms", loss: "3 %", duplicate: "3 %" };

function folderWith(scenario: Record<string, unknown>): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "s.yaml"), JSON.stringify({ title: "t", ...scenario }));
  return cwd;
}

test("a cable that loses frames is told in words, is changed by a step, and the books close all the same", async () => {
  const cwd = folderWith({
    lab: { linksBy: "forwarder" },
    load: { connections: 5, requests: 60, connection: "close", duration: "60s" },
    variants: {
      load: { lab: { links: { "client-server": FAR } } },
      steps: {
        phases: {
          listen: { do: "listen", on: "server", socket: "l", port: 9000 },
          far: { do: "link", between: "client-server", delay: "30ms" },
          slow: { do: "connect", socket: "a", to: "server", port: 9000 },
          cut: { do: "link", between: "client>server", loss: "100 %" },
          lost: { do: "connect", socket: "b", to: "server", port: 9000, timeout: "500ms" },
          mended: { do: "link", between: "client>server", loss: "0 %", delay: "0ms" },
          again: { do: "connect", socket: "c", to: "server", port: 9000 },
        },
      },
    },
    expect: ["steps.slow.succeeded == 1", "steps.lost.failed == 1", "steps.again.succeeded == 1"],
  });
  const run = await benchHere(["run", "s.yaml", "-o", "r.json"], { cwd });
  expect([run.exitCode, run.stderr]).toEqual([0, expect.any(String)]);
  expect(leftovers(run.mark)).toEqual([]);
  expect(run.stdout.replaceAll(/\s+/gu, " ")).toContain(
    "was set to 5 ms delay each way (round trip 10 ms), 3 % loss, 3 % duplicates. The",
  );
  const { variants, warnings } = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  const [trial] = variants["load"]!.trials;
  expect(trial!.requests).toMatchObject({ sent: 60, succeeded: 60 });
  expect(trial!.latencyUs!.min).toBeGreaterThanOrEqual(20_000);
  expect(trial!.books.filter(({ balanced }) => !balanced)).toEqual([]);
  expect(warnings.filter(({ code }) => code === "books-unbalanced")).toEqual([]);
  expect(trial!.cables).toMatchObject({ by: "forwarder", directions: [{ from: "client" }, { from: "server" }] });
  expect(trial!.cables!.directions.reduce((sum, { lost }) => sum + lost, 0)).toBeGreaterThan(0);
});

test("killed while a process carries frames, it leaves nothing behind", async () => {
  const cwd = folderWith({ lab: { links: { "client-server": FAR }, linksBy: "forwarder" }, variants: { only: {} } });
  const running = startBench(["run", "s.yaml", "-o", "r.json"], { cwd });
  const carriers = (): number =>
    leftovers(running.mark).filter(({ command }) => command.includes("cable/main.js")).length;
  await vi.waitFor(() => expect(carriers()).toBe(1), { timeout: 20_000, interval: 50 });
  running.kill("SIGKILL");
  await running.finished;
  await vi.waitFor(() => expect(leftovers(running.mark)).toEqual([]), { timeout: 5_000, interval: 20 });
});
