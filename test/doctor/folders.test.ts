import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { checkFolders } from "../../src/doctor/lab-checks.js";
import { BenchError } from "../../src/errors.js";
import type { CommandRequest, HostReading } from "../../src/lab/types.js";
import { labForTest } from "../end-to-end/lab.js";

test("programs in a lab have folders of their own", async () => {
  const { client, server } = (await labForTest()).hosts;
  expect(await checkFolders(server, client)).toMatchObject({ verdict: "works" });
});

test("where mounts are forbidden, doctor says so, and who needs them", async () => {
  const host = {
    run: () => Promise.reject(new BenchError("lab-failed", "tmpfs could not be mounted", "Permit mounts.")),
  };
  expect(await checkFolders(host, host)).toEqual({
    name: "folders",
    verdict: "lacks",
    detail: "tmpfs could not be mounted",
    hint: "Only runs that start programs of yours need them.\nPermit mounts.",
  });
});

test("hosts that share the machine's /tmp are told from such that do not, and the file goes", async () => {
  const run = ({ command }: CommandRequest): Promise<HostReading> =>
    Promise.resolve({ exitCode: spawnSync("/bin/sh", ["-c", command]).status });
  const commands: string[] = [];
  const noted = (ask: CommandRequest): Promise<HostReading> => {
    commands.push(ask.command);
    return run(ask);
  };
  const finding = await checkFolders({ run: noted }, { run });
  expect(finding.verdict).toBe("lacks");
  expect(finding.detail).toContain("this machine's /tmp");
  const file = /\/tmp\/\S+/u.exec(commands[0]!)![0];
  expect(spawnSync("cat", [file]).status).not.toBe(0);
});
