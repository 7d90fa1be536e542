import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Recording } from "../../src/handover/recording.js";
import type { RunResult } from "../../src/result/types.js";
import { keptOf } from "../handover/kept.js";
import { benchHere } from "../support/here.js";
import { temporaryFolder } from "../support/temporary.js";

const CHURN = {
  title: "orders",
  load: { duration: "10s" },
  variants: { close: { load: { connection: "close" } }, keep: {} },
  expect: ["close.timeWait.client.created > 1000000"],
  gates: ["connections.opened <= 1.1 * base"],
};

/** A folder with a recording of a pod, and scenarios that it may have been made with. */
function recorded(): string {
  const cwd = temporaryFolder();
  const recording = new Recording("a pod");
  for (const kept of keptOf({ address: "10.0.0.1", peer: "10.0.0.9", perSec: 50, seconds: 10 }))
    recording.add(kept, { at: "2026-01-01T00:00:00.000Z", everyMs: 1_000 });
  writeFileSync(join(cwd, "pod.json"), JSON.stringify(recording.result(true)));
  writeFileSync(join(cwd, "orders.yaml"), JSON.stringify(CHURN));
  writeFileSync(join(cwd, "steps.yaml"), JSON.stringify({ title: "steps", phases: { a: { do: "wait", for: "1s" } } }));
  return cwd;
}

test("with the scenario that was exported, a recording is a result of that variant, whose expectations nobody measured", async () => {
  const cwd = recorded();
  const run = await benchHere(["import", "pod.json", "--scenario", "orders.yaml", "--variant", "close"], { cwd });
  expect(run).toMatchObject({ exitCode: 0, stdout: "imported.json\n", stderr: "" });
  const { scenario, variants, expectations } = JSON.parse(
    readFileSync(join(cwd, "imported.json"), "utf8"),
  ) as RunResult;
  expect(scenario).toMatchObject({ name: "orders", title: "orders", expect: [], gates: [{ text: CHURN.gates[0] }] });
  expect(scenario.variants).toMatchObject([{ name: "close", load: { client: "k6", connection: "close" } }]);
  expect(variants["close"]!.trials[0]).toMatchObject({
    connections: { opened: 500 },
    timeWait: { client: { created: 500 }, server: null },
  });
  expect(expectations).toEqual([]);
  const own = await benchHere(["compare", "imported.json", "imported.json"], { cwd });
  expect(own).toMatchObject({ exitCode: 0, stderr: "" });
});

test.each([
  ["several variants, and none is named", ["--scenario", "orders.yaml"], /has several variants[^]*--variant close/u],
  ["a variant that it has not", ["--scenario", "orders.yaml", "--variant", "nope"], /no variant `nope`/u],
  ["a variant, and no scenario", ["--variant", "close"], /--variant is of a scenario/u],
  ["steps, which are not exported", ["--scenario", "steps.yaml"], /steps\.yaml has steps/u],
])("refused: %s", async (_what, options, message) => {
  const run = await benchHere(["import", "pod.json", ...options], { cwd: recorded() });
  expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  expect(run.stderr).toMatch(message);
});
