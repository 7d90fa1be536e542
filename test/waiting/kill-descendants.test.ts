import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { killTree } from "../../src/waiting/kill-descendants.js";
import { leftovers } from "../support/leftovers.js";
import { bundled } from "../support/bundled.js";
import { RUN_MARK } from "../support/bench.js";

const TRIES = 5;

/**
 * Adopts its orphans, as an agent does, and starts daemons that change their parent again and again: each is the child of
 * a shell that has ended when the next one begins.
 */
const restless = async (): Promise<string> => `
  import { spawn } from "node:child_process";
  import { adoptOrphans } from "${await bundled("src/kernel/subreaper.ts")}";
  adoptOrphans();
  for (let daemon = 0; daemon < 3; daemon++)
    spawn("sh", ["-c", 'next() { sleep 0.00$1; (next $((($1 + 1) % 5))) & }; next 0; exit'], { stdio: "ignore", detached: true }).unref();
  console.log("started");
  setInterval(() => {}, 1000);`;

test("daemons that fork while they are being ended are ended too, each time", async () => {
  const program = await restless();
  for (let at = 0; at < TRIES; at++) {
    const mark = `restless-${process.pid}-${at}`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", program], {
      env: { ...process.env, [RUN_MARK]: mark },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => parent.once("close", resolve));
    await new Promise((resolve) => parent.stdout.once("data", resolve));
    await pause(at * 3);
    killTree(parent.pid!);
    await ended;
    expect(leftovers(mark)).toEqual([]);
  }
}, 60_000);

test("what is stopped is ended too", async () => {
  const mark = `stopped-${process.pid}`;
  const parent = spawn("sh", ["-c", "sleep 65 & kill -STOP $!; echo started; kill -STOP $$; wait"], {
    env: { ...process.env, [RUN_MARK]: mark },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => parent.once("close", resolve));
  await new Promise((resolve) => parent.stdout.once("data", resolve));
  killTree(parent.pid!);
  await ended;
  expect(leftovers(mark)).toEqual([]);
});
