import { spawn } from "node:child_process";
import { onTestFinished, expect, test, vi } from "vitest";
import { DIST, startProgram } from "./bench.js";
import { leftovers, namespaces } from "./leftovers.js";

test("a living process of a run is found by the run's mark, and its children with it", async () => {
  const running = startProgram("sh", ["-c", "sleep 61 & echo started; wait"]);
  await running.said(/started/u);
  // For a moment the child is still the shell that will become it.
  await vi.waitFor(() => expect(leftovers(running.mark).map(({ command }) => command)).toContain("sleep 61"));

  running.kill("SIGKILL");
  // Its child holds the output open, and is now nobody's.
  await vi.waitFor(() => expect(leftovers(running.mark)).toMatchObject([{ command: "sleep 61" }]));
  for (const { pid } of leftovers(running.mark)) process.kill(pid, "SIGKILL");
  await running.finished;
  expect(leftovers(running.mark)).toEqual([]);
});

test("a run that has ended leaves nothing", async () => {
  const running = startProgram("true", []);
  await running.finished;
  expect(leftovers(running.mark)).toEqual([]);
});

test("a process with our built code on its command line is found without a mark", async () => {
  const running = startProgram("sh", ["-c", "echo started; read line; true", `${DIST}cli.js`], {
    wrapper: ["sh", "-c", 'sleep 62 | "$@"', "sh"],
  });
  await running.said(/started/u);
  expect(leftovers().map(({ command }) => command)).toContainEqual(expect.stringContaining(`${DIST}cli.js`));
  for (const { pid } of leftovers(running.mark)) process.kill(pid, "SIGKILL");
  await running.finished;
});

test("a zombie is no leftover", async () => {
  // The shell becomes a program that never asks for its child's exit code.
  const running = startProgram("sh", ["-c", "sleep 0.05 & echo $!; exec sleep 63"]);
  await running.said(/\d+/u);
  await vi.waitFor(() => expect(leftovers(running.mark)).toMatchObject([{ command: "sleep 63" }]));
  running.kill("SIGKILL");
  await running.finished;
});

test("the namespaces hold ours", () => {
  expect(namespaces()).toContainEqual(expect.stringMatching(/^net:\[\d+\]$/u));
});

test("a new network namespace is seen, and so is its end", async () => {
  const before = namespaces();
  const holder = spawn("unshare", ["--user", "--map-root-user", "--net", "sleep", "64"]);
  onTestFinished(() => void holder.kill("SIGKILL"));
  const added = (): string[] => [...namespaces()].filter((name) => !before.has(name));
  await vi.waitFor(() => expect(leftovers().map(({ command }) => command)).toContain("sleep 64"));
  const [namespace] = leftovers()
    .filter(({ pid }) => pid === holder.pid)
    .map((found) => found.netNamespace);
  expect(added()).toContain(namespace);
  holder.kill("SIGKILL");
  await vi.waitFor(() => expect(added()).not.toContain(namespace));
});
