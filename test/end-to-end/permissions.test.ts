import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { runBench } from "../support/bench.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

/** A place where no network namespace can be made, neither by a user nor by this place's root. */
const NO_NAMESPACES = [
  "unshare",
  "--user",
  "--map-root-user",
  "--net",
  "sh",
  "-c",
  'ip link set lo up && echo 0 > /proc/sys/user/max_net_namespaces && exec "$@"',
  "sh",
];
const NOBODY = 65_534;
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY } : {};

test("as an unprivileged user the main job runs, isolated", async () => {
  const cwd = temporaryFolder();
  const run = await runBench(["run", "who-closes", "--isolation", "namespace", "--output", "r.json"], {
    cwd,
    ...asNobody,
  });
  expect(run.stderr).not.toContain("error");
  expect(run.exitCode).toBe(0);
  expect((JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult).environment.isolation).toBe("namespace");
});

test("where namespaces are not permitted, auto runs on loopback and says so on stderr and in the result", async () => {
  const cwd = temporaryFolder();
  const run = await runBench(["run", "close-vs-keepalive", "--duration", "1s", "--output", "r.json"], {
    cwd,
    wrapper: NO_NAMESPACES,
  });
  expect(run.stderr).toMatch(/^warning: .*not permitted.*not comparable/mu);
  const result = JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
  expect(result.status).toBe("complete");
  expect(result.environment.isolation).toBe("none");
  expect(result.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(["no-isolation"]));
  const { close, "keep-alive": keepAlive } = result.variants;
  expect(close!.median!.timeWait!.server!.created).toBe(close!.median!.connections.opened);
  expect(close!.median!.timeWait!.server!.end).toBeGreaterThan(0);
  expect(keepAlive!.median!.timeWait!.client.created).toBe(50);
  // What the first variant left on the shared loopback is not the second one's.
  expect(keepAlive!.median!.timeWait!.server).toEqual({ created: 0, peak: 0, end: 0 });
  expect(run.exitCode).toBeLessThanOrEqual(1);
  expect(leftovers(run.mark)).toEqual([]);
});

test("where namespaces are not permitted, --isolation namespace ends with exit code 3 and says how to permit them", async () => {
  const run = await runBench(["run", "close-vs-keepalive", "--isolation", "namespace"], {
    cwd: temporaryFolder(),
    wrapper: NO_NAMESPACES,
  });
  expect(run.exitCode).toBe(3);
  expect(run.stdout).toBe("");
  expect(run.stderr).toMatch(/^error: network namespaces are not permitted here: .+\nhint: /u);
  expect(run.stderr).toContain("sysctl -w user.max_net_namespaces");
  expect(run.stderr).toContain("sudo");
});

test("what the machine itself cannot give is refused before anything is started, with or without the wish for it", async () => {
  const cwd = temporaryFolder();
  writeFileSync(
    join(cwd, "far.json"),
    JSON.stringify({ title: "t", lab: { links: { "client-server": { delay: "1ms" } } }, load: { requests: 5 } }),
  );
  const unwanted = await runBench(["run", "far.json", "--isolation", "none"], { cwd });
  expect([unwanted.exitCode, unwanted.stdout]).toEqual([3, ""]);
  expect(unwanted.stderr).toMatch(/^error: a scenario with `lab\.links` runs in a lab alone, and .*\nhint: /u);
  const notPermitted = await runBench(["run", "far.json"], { cwd, wrapper: NO_NAMESPACES });
  expect(notPermitted.exitCode).toBe(3);
  expect(notPermitted.stderr).toMatch(/^error: network namespaces are not permitted here: .+\nhint: /u);
});

test("without isolation a user's program is his own, and not root's", async () => {
  const cwd = temporaryFolder();
  chmodSync(cwd, 0o777);
  const command = `exec ${process.execPath} -e 'require("http").createServer((q, s) => s.end(require("os").userInfo().username)).listen(+process.argv[2], process.argv[1])' {host} {port}`;
  const run = (user: string) => {
    const server = { kind: "command", command, user };
    writeFileSync(join(cwd, "s.json"), JSON.stringify({ title: "t", server, load: { requests: 5 } }));
    return runBench(["run", "s.json", "--isolation", "none", "-o", "r.json"], { cwd, ...asNobody });
  };
  const own = process.getuid?.() === 0 ? "nobody" : userInfo().username;
  expect(await run(own)).toMatchObject({ exitCode: 0 });
  const asRoot = await run("root");
  expect(asRoot.exitCode).toBe(3);
  expect(asRoot.stderr).toContain("error: a program is to run as root, and without isolation only root can do that");
});

const LAB_TOOLS = { unshare: "util-linux", nsenter: "util-linux", setpriv: "util-linux", ip: "iproute2" } as const;

/** A PATH that leads to these programs alone. */
function pathTo(programs: readonly string[]): string {
  const folder = temporaryFolder();
  for (const program of programs)
    symlinkSync(
      execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim(),
      join(folder, program),
    );
  return folder;
}

test.each(Object.entries(LAB_TOOLS))(
  "without %s it says so, and which package has it",
  async (missing, packageName) => {
    const PATH = pathTo(Object.keys(LAB_TOOLS).filter((tool) => tool !== missing));
    const args = ["run", "who-closes", "--isolation", "namespace"];
    const run = await runBench(args, { cwd: temporaryFolder(), env: { PATH } });
    expect(run.stderr).toMatch(new RegExp(`^error: the program ${missing} was not found\nhint: .*${packageName}`, "u"));
    expect(run.exitCode).toBe(3);
  },
);

test("a lab takes no other program, not even cat", async () => {
  const args = ["run", "who-closes", "--isolation", "namespace", "--output", "r.json"];
  const run = await runBench(args, { cwd: temporaryFolder(), env: { PATH: pathTo(Object.keys(LAB_TOOLS)) } });
  expect(run.stderr).not.toContain("error");
  expect(run.exitCode).toBe(0);
});

test("with 256 open files the main job runs; what cannot fit is refused before it starts", async () => {
  const cwd = temporaryFolder();
  const wrapper = ["sh", "-c", 'ulimit -n 256; exec "$@"', "sh"];
  const run = await runBench(["run", "close-vs-keepalive", "--duration", "1s", "--output", "r.json"], { cwd, wrapper });
  expect(run.stderr).not.toContain("error");
  expect(
    (JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult).variants["close"]!.median!.errors,
  ).toEqual({});

  const tooMany = await runBench(["run", "close-vs-keepalive", "--connections", "500"], { cwd, wrapper });
  expect(tooMany.exitCode).toBe(3);
  expect(tooMany.stderr).toMatch(/^error: 500 connections need \d+ open files .*\nhint: Raise the limit \(ulimit -n/u);
});
