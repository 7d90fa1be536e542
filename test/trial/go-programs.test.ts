import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { Events } from "../../src/events/events.js";
import type { RunEvent } from "../../src/events/types.js";
import type { Phase } from "../../src/scenario/phases/types.js";
import type { LoadPlan, Variant } from "../../src/scenario/types.js";
import { type BuildOptions, withGoPrograms } from "../../src/trial/go-programs.js";
import { PLAN } from "../client/load.js";
import { temporaryFolder } from "../support/temporary.js";

const GO: LoadPlan = { ...PLAN, client: "go", go: { drain: true, idleConnections: null } };
const LAB = { addresses: { client: 1, server: 1 }, memoryBytes: null, sysctl: { client: {}, server: {} } };
const OF_NODE: Variant = {
  name: "v",
  lab: { topology: "two-hosts", ...LAB },
  server: { kind: "node", port: 8080, readyTimeoutMs: 1_000 },
  load: PLAN,
  sample: { everyMs: 10, tableEveryMs: 100 },
  phases: [],
};
const OF_GO: Variant = { ...OF_NODE, server: { kind: "go", bodyBytes: null, port: 8080, readyTimeoutMs: 1_000 } };

/** A toolchain that notes each build, and makes an empty file in no time. */
function withToolchain(): { options: BuildOptions; told: RunEvent[]; builds: () => number } {
  const folder = temporaryFolder();
  // Programs are kept only where nobody else can put another one in their place.
  chmodSync(folder, 0o755);
  const notes = join(folder, "builds");
  const build = `echo >> '${notes}'; while [ "$1" != -o ]; do shift; done; : > "$2"`;
  const script = `#!/bin/sh\nif [ "$1" = version ]; then echo go version go1.22.3 linux/amd64; else ${build}; fi\n`;
  writeFileSync(join(folder, "go"), script, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const signal = new AbortController().signal;
  const told: RunEvent[] = [];
  const events = new Events();
  events.subscribe((event) => void told.push(event));
  return {
    options: { cacheFolder: join(folder, "cache"), events: events.ofRun(0), signal },
    told,
    builds: () => (existsSync(notes) ? readFileSync(notes, "utf8").length : 0),
  };
}

test("what is written in Go is built once and named in every plan that uses it, also in those of steps", async () => {
  const { options, told, builds } = withToolchain();
  const load = (plan: LoadPlan): Phase => ({ name: "l", do: "load", on: "client", to: "server", load: plan });
  const inTurn: Phase = { name: "b", do: "in-turn", phases: [load(GO), load(PLAN)] };
  const steps: Variant = { ...OF_NODE, phases: [{ name: "t", do: "together", phases: [inTurn] }] };
  const given = [{ ...OF_NODE, load: GO }, OF_GO, steps];
  const asked = structuredClone(given);
  const made = await withGoPrograms(given, options);
  expect(given).toEqual(asked);
  const said = told.map((event) => (event.type === "action" ? `${event.what} ${event.state}` : event.type));
  const [client, server] = ["build the Go client", "build the Go server"];
  expect(said).toEqual([`${client} begun`, `${client} ended`, `${server} begun`, `${server} ended`]);
  const text = made.map((variant) => JSON.stringify(variant).match(/"binary":"[^"]*\/(?:client|hello)-/gu)?.length);
  expect(text).toEqual([1, 1, 1]);
  expect(made[0]?.load.go?.program?.version).toBe("go1.22.3");
  await withGoPrograms(given, options);
  expect(builds()).toBe(2);
});

test("where nothing is in Go, nothing is built", async () => {
  const { options, builds } = withToolchain();
  expect(await withGoPrograms([OF_NODE], options)).toEqual([OF_NODE]);
  expect(builds()).toBe(0);
});

test("a build is not waited for once the run is interrupted", async () => {
  const { options, builds } = withToolchain();
  const interrupt = new AbortController();
  const events = new Events();
  events.subscribe(() => interrupt.abort(new Error("interrupted")));
  const interrupted = { ...options, events: events.ofRun(0), signal: interrupt.signal };
  await expect(withGoPrograms([OF_GO], interrupted)).rejects.toThrow("interrupted");
  // It goes on by itself: after the test it would find the machine's own toolchain.
  await vi.waitFor(() => expect(builds()).toBe(1), { timeout: 10_000 });
});
