import { expect, test } from "vitest";
import { ARRANGEMENTS, SIGNALS } from "../sweep/arrangements.js";
import { tryCell } from "../sweep/cell.js";
import { DIST } from "../support/bench.js";

/** One stage of each kind of process; `npm run sweep` tries them all. */
const cells = [
  ["two-hosts", "way into server", "ready"],
  ["two-hosts", "agent of client", "warming up"],
  ["loopback", "client", "starting"],
  ["nat", "agent of nat", "loading"],
  ["proxy", "proxy", "loading"],
  ["hosts", "program of third", "draining"],
  ["none", "agent of this machine", "loading"],
  ["none", "server", "draining"],
  ["revisions", "build", "starting"],
] as const;

const tried = cells.flatMap(([name, process, stage]) => SIGNALS.map((signal) => ({ name, process, stage, signal })));
const TITLE = "$name: $process, $stage, $signal: exit code 3, a sentence, nothing left";

async function expectGood({ name, process, stage, signal }: (typeof tried)[number]): Promise<void> {
  const arrangement = ARRANGEMENTS.find((one) => one.name === name)!;
  const kind = arrangement.kinds.find((one) => one.name === process)!;
  const cell = await tryCell(`${DIST}cli.js`, arrangement, { kind, stage, signal });
  expect(cell.fault, `${cell.said} (exit code ${cell.exitCode} after ${cell.tookMs} ms)`).toBeNull();
}

test.concurrent.each(tried.filter(({ name }) => name !== "none"))(TITLE, expectGood);

// Without isolation they would take each other's port.
test.each(tried.filter(({ name }) => name === "none"))(TITLE, expectGood);
