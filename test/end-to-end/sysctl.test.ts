import { expect, test } from "vitest";
import { runBench } from "../support/bench.js";
import { temporaryFolder } from "../support/temporary.js";

test("a sysctl that the kernel does not have, or refuses, ends the run with exit code 3 and the reason", async () => {
  const cwd = temporaryFolder();
  const absent = await runBench(["run", "who-closes", "--set", "lab.sysctl.client.net.ipv4.tcp_tw_recycle=1"], { cwd });
  expect(absent.exitCode).toBe(3);
  expect(absent.stderr).toMatch(/tcp_tw_recycle = 1 was not taken: .*ENOENT[^]*hint: /u);
  const refused = await runBench(["run", "who-closes", "--set", "lab.sysctl.client.net.ipv4.tcp_tw_reuse=9"], { cwd });
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toMatch(/tcp_tw_reuse = 9 was not taken: .*EINVAL/u);
});
