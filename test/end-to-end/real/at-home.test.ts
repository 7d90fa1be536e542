import { randomUUID } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type TestContext, vi } from "vitest";
import type { RunResult } from "../../../src/result/types.js";
import { type RunOptions, runBench, startBench } from "../../support/bench.js";
import { leftovers } from "../../support/leftovers.js";
import { skipUnlessInstalled } from "../../support/skip.js";
import { temporaryFolder } from "../../support/temporary.js";

/** Programs find in a lab what they find at home, and leave nothing there. */

const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
/** Nobody but a user's own id is in his lab. */
const asUser = isRoot ? { uid: NOBODY } : {};
const userId = isRoot ? NOBODY : process.getuid!();

/** Who is not root has nothing to see there, and no test that does not run. */
const onlyRoot = (name: string, run: (context: TestContext) => Promise<void>): void => {
  if (isRoot) test(name, run);
};

/** What the machine has mounted, and what lies in folders that programs of a lab have of their own. */
const MARKED = ["/run", "/tmp", "/var/tmp", "/var/log", "/dev/shm", "/var/lib/nginx"];
const mounts = (): string => readFileSync("/proc/self/mountinfo", "utf8");

interface Home {
  cwd: string;
  mark: string;
}

/** A folder with a file of the user's, and nginx with the configuration of Debian behind some lines of a shell. */
function home(lines: readonly string[], load: Record<string, unknown> = {}): Home {
  const [cwd, mark] = [temporaryFolder(), `time-wait-bench-${randomUUID()}`];
  mkdirSync(join(cwd, "conf"));
  chmodSync(join(cwd, "conf"), 0o777);
  writeFileSync(join(cwd, "conf", "mine"), "mine\n");
  const command = [
    // `see NAME COMMAND`: what it prints, into a file of the user's folder.
    'see() { name=$1; shift; "$@" >conf/"$name" 2>&1 || echo "failed: $?" >>conf/"$name"; }',
    ...MARKED.map((folder) => `touch ${folder}/${mark}`),
    ...lines,
    "exec nginx -g 'daemon off;'",
  ].join("\n");
  const scenario = {
    title: "nginx as it is",
    server: { kind: "command", command, port: 80, env: { PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` } },
    load: { connections: 2, requests: 40, connection: "close", ...load },
    variants: { only: {} },
  };
  writeFileSync(join(cwd, "home.yaml"), JSON.stringify(scenario));
  return { cwd, mark };
}

async function runHome(
  { cwd, mark }: Home,
  options: RunOptions,
): Promise<{ seen: (name: string) => string; result: RunResult }> {
  const before = mounts();
  const run = await runBench(["run", "home.yaml", "-q", "-o", "r.json"], { cwd, ...options });
  expect(run.stderr).toBe("");
  expect(leftovers(run.mark)).toEqual([]);
  expect(mounts()).toBe(before);
  expect(MARKED.filter((folder) => existsSync(join(folder, mark)))).toEqual([]);
  return {
    seen: (name) => readFileSync(join(cwd, "conf", name), "utf8").trim(),
    result: JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult,
  };
}

/** nginx keeps no connection that is to be closed, and closes first. */
function expectServed({ variants }: RunResult): void {
  const [trial] = variants["only"]!.trials;
  expect(trial!.requests).toMatchObject({ sent: 40, failed: 0 });
  expect(trial!.timeWait!.server!.created).toBe(40);
}

const LOOKS = [
  "see id id -u",
  "see privileges grep CapEff /proc/self/status",
  "see processes sh -c 'ls /proc | grep -c ^[0-9]'",
  `see named cat "$PWD/conf/mine"`,
  "see temporary ls -A /tmp",
  "see logs ls -A /var/log/nginx",
];

function expectAtHome(seen: (name: string) => string, cwd: string, mark: string): void {
  expect(seen("named")).toBe("mine");
  // The user's own folder, and what was just made; nothing of the machine's.
  const shown = seen("temporary").split("\n");
  expect(shown).toEqual(expect.arrayContaining([cwd.split("/")[2], mark]));
  expect(shown.filter((name) => name.startsWith("time-wait-bench-"))).toHaveLength(2);
  expect(seen("logs")).toBe("");
  // The agent, the shell and what looks.
  expect(Number(seen("processes"))).toBeLessThan(10);
}

onlyRoot("as root nginx runs as Debian configures it, on port 80, and other accounts are there", async (context) => {
  skipUnlessInstalled(context, "nginx", "setpriv");
  const account = home([
    ...LOOKS,
    "touch conf/given; see chown chown www-data conf/given",
    "see owner stat -c %U conf/given",
    "see setpriv setpriv --reuid=www-data --regid=www-data --init-groups id -un",
    "see su su www-data -s /bin/sh -c 'id -un'",
  ]);
  const { seen, result } = await runHome(account, {});
  expectServed(result);
  expectAtHome(seen, account.cwd, account.mark);
  expect([seen("id"), seen("owner"), seen("chown"), seen("setpriv"), seen("su")]).toEqual([
    "0",
    "www-data",
    "",
    "www-data",
    "www-data",
  ]);
});

const asWwwData = (): Home => {
  const account = home(["see id id -un"]);
  const file = join(account.cwd, "home.yaml");
  const scenario = JSON.parse(readFileSync(file, "utf8")) as { server: Record<string, unknown> };
  scenario.server["user"] = "www-data";
  writeFileSync(file, JSON.stringify(scenario));
  return account;
};

onlyRoot("a program runs as the account that the scenario names", async (context) => {
  skipUnlessInstalled(context, "nginx");
  const { cwd } = asWwwData();
  // It may not write to the logs of root's nginx, as at home; who it is stands in its folder before that is tried.
  await runBench(["run", "home.yaml", "-q", "-o", "r.json"], { cwd });
  expect(readFileSync(join(cwd, "conf", "id"), "utf8")).toBe("www-data\n");
});

onlyRoot("a user without subordinate ids is told that there is no other account", async () => {
  const { cwd } = asWwwData();
  const run = await runBench(["run", "home.yaml", "-q", "-o", "r.json"], { cwd, ...asUser });
  expect(run.exitCode).toBeGreaterThan(1);
  expect(run.stderr).toMatch(/^error: a program is to run as www-data, [^]*hint: .*uidmap/mu);
});

test("a user's programs run as that user, with the configuration of Debian, and on port 80", async (context) => {
  skipUnlessInstalled(context, "nginx");
  const user = home(LOOKS);
  const { seen, result } = await runHome(user, asUser);
  expectServed(result);
  expectAtHome(seen, user.cwd, user.mark);
  expect(seen("id")).toBe(String(userId));
  expect(seen("privileges")).toMatch(/^CapEff:\s0+$/u);
});

test.each(["SIGINT", "SIGKILL"] as const)("%s while programs run leaves nothing of it", async (signal) => {
  const { cwd, mark } = home(["touch conf/begun"], { requests: null, duration: "30s", connection: "keep-alive" });
  const before = mounts();
  const running = startBench(["run", "home.yaml", "-o", "r.json"], { cwd, ...asUser });
  await vi.waitFor(() => expect(existsSync(join(cwd, "conf", "begun"))).toBe(true), { timeout: 30_000 });
  running.kill(signal);
  await running.finished;
  await vi.waitFor(() => expect(leftovers(running.mark)).toEqual([]), { timeout: 5_000, interval: 20 });
  expect(mounts()).toBe(before);
  expect(MARKED.filter((folder) => existsSync(join(folder, mark)))).toEqual([]);
});
