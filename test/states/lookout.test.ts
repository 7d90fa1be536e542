import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readlinkSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { lookFromOutside } from "../../src/states/look.js";
import { Lookout } from "../../src/states/lookout.js";
import type { LookRequest } from "../../src/states/types.js";

const ALL: LookRequest = { ports: [], most: null };
/** Longer than any test; they are killed. */
const LONG = "600";

function lookoutOn(pid: number): Lookout {
  const lookout = new Lookout({ kind: "process", pid });
  onTestFinished(() => lookout.close());
  return lookout;
}

function started(file: string, args: string[]): ChildProcess {
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

test("a process that has ended but waits to be counted is none that runs", async () => {
  // The shell becomes a program that never asks for its child, which ends only then.
  const parent = started("sh", ["-c", `sleep 1 & echo $!; exec sleep ${LONG}`]);
  const [told] = (await once(parent.stdout!, "data")) as [Buffer];
  const pid = Number(told.toString());
  await expect.poll(() => readFileSync(`/proc/${pid}/stat`, "latin1"), { timeout: 10_000 }).toContain(") Z ");
  await expect(lookoutOn(pid).look(ALL)).rejects.toMatchObject({ code: "no-such-process" });
});

test("a process that ends while it is looked at is either seen or told to be gone", async () => {
  for (let round = 0; round < 3; round++) {
    const other = started("unshare", ["--user", "--net", "sleep", LONG]);
    const namespace = (): string => readlinkSync(`/proc/${other.pid}/ns/net`);
    await expect.poll(namespace, { timeout: 10_000 }).not.toBe(readlinkSync("/proc/self/ns/net"));
    const lookout = lookoutOn(other.pid!);
    const first = lookout.look(ALL);
    other.kill("SIGKILL");
    const seen = await first.catch((error: { code: string }) => error.code);
    if (typeof seen === "string") expect(seen).toBe("no-such-process");
    else expect(seen).toHaveLength(1);
    await expect.poll(() => lookout.look(ALL).catch((error: { code: string }) => error.code)).toBe("no-such-process");
  }
});

test("what cannot be read from outside rejects, and does not throw past whoever waits", async () => {
  const look = lookFromOutside(0, "there is no such process", ALL);
  await expect(look).rejects.toThrow("ENOENT");
});
