import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listScenarios } from "../../src/scenario/find.js";
import { DIST, ROOT, runBench, runProgram } from "../support/bench.js";
import { temporaryFolder } from "../support/temporary.js";

const PACKAGE = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  bin: Record<string, string>;
  scripts: Record<string, string>;
};
const asNobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};

test("in a project of one's own, out of the tarball, bench is found, and commands run in the project", async () => {
  const cwd = temporaryFolder();
  const installed = join(cwd, "node_modules/time-wait-bench");
  mkdirSync(join(cwd, "node_modules/.bin"), { recursive: true });
  mkdirSync(installed);
  // As npm does it, without asking a registry for what it depends on.
  const packed = await runProgram("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", cwd]);
  expect(packed).toMatchObject({ exitCode: 0, stderr: "" });
  await runProgram("tar", ["-xzf", join(cwd, packed.stdout.trim()), "-C", installed, "--strip-components=1"]);
  symlinkSync(join(ROOT, "node_modules"), join(installed, "node_modules"));
  for (const [name, path] of Object.entries(PACKAGE.bin))
    symlinkSync(join("../time-wait-bench", path), join(cwd, "node_modules/.bin", name));
  writeFileSync(join(cwd, "package.json"), JSON.stringify({ name: "mine", scripts: { start: "node server.js" } }));
  writeFileSync(
    join(cwd, "server.js"),
    "const { HOST, PORT } = process.env; require('node:http').createServer((_, r) => r.end('hi')).listen(+PORT, HOST);",
  );

  const listed = await runProgram("npx", ["--no", "time-wait-bench", "list"], { cwd });
  expect(listed.stdout).toContain("close-vs-keepalive");
  const started = await runProgram("npx", ["--no", "bench", "init"], { cwd });
  expect(started).toMatchObject({
    exitCode: 0,
    stdout: "my-service.yaml is written. Run it: bench run ./my-service.yaml\n",
  });
  const short = ["--set", "load.duration=5s", "--set", "load.requests=40", "--set", "server.readyTimeout=30s"];
  const ran = await runProgram("npx", ["--no", "bench", "run", "./my-service.yaml", ...short, "-q"], { cwd });
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(ran.stdout).toContain("holds: keep-alive.requests.failed == 0");
});

test("prepare makes a link, which runs bench in a checkout that is somebody else's and read-only", async () => {
  const checkout = temporaryFolder();
  cpSync(DIST, join(checkout, "dist"), { recursive: true });
  cpSync(join(ROOT, "scenarios"), join(checkout, "scenarios"), { recursive: true });
  mkdirSync(join(checkout, "node_modules"));
  for (const name of readdirSync(join(ROOT, "node_modules")).filter((entry) => !entry.startsWith(".")))
    symlinkSync(join(ROOT, "node_modules", name), join(checkout, "node_modules", name));
  const scripts = { ...PACKAGE.scripts, build: "true" };
  writeFileSync(join(checkout, "package.json"), JSON.stringify({ ...PACKAGE, scripts }));
  expect((await runProgram("npm", ["run", "--silent", "prepare"], { cwd: checkout })).exitCode).toBe(0);
  await runProgram("chmod", ["-R", "a-w", checkout]);
  const listed = await runProgram("node_modules/.bin/bench", ["list"], { cwd: checkout, ...asNobody });
  await runProgram("chmod", ["-R", "u+w", checkout]);
  expect(listed).toMatchObject({ exitCode: 0, stderr: "" });
  expect(listed.stdout).toContain("close-vs-keepalive");
});

test("what the build knows of titles is what the files say", async () => {
  const { stdout } = await runBench(["list", "--format", "json"]);
  const { scenarios } = JSON.parse(stdout) as { scenarios: { name: string; title: string }[] };
  // Out of src/ nothing is known before it is read.
  const read = await listScenarios(ROOT);
  expect(scenarios.map(({ name, title }) => [name, title])).toEqual(read.map(({ name, title }) => [name, title]));
});

test("bench list loads nothing that reads YAML, checks a schema or speaks HTTP", async () => {
  const coverage = temporaryFolder();
  await runBench(["list"], { env: { NODE_V8_COVERAGE: coverage } });
  const [file] = readdirSync(coverage);
  const { result } = JSON.parse(readFileSync(join(coverage, file!), "utf8")) as { result: { url: string }[] };
  const urls = result.map(({ url }) => url);
  const chunks = urls.filter((url) => url.includes("/dist/"));
  expect(chunks.some((url) => url.includes("/dist/list-"))).toBe(true);
  expect(urls.filter((url) => url.includes("/node_modules/"))).toEqual([]);
  // The libraries that are in the bundle stand in chunks of their own.
  const inBundle = /ZodError|HISTFAM|V2CompressedHistogram|lowestTrackableValue/u;
  expect(chunks.filter((url) => inBundle.test(readFileSync(new URL(url), "utf8")))).toEqual([]);
});
