import { expect, test } from "vitest";
import type { Host } from "../../src/lab/types.js";
import { helloServer, labForTest } from "../end-to-end/lab.js";

const PORT = 8080;

/** Connects, and says how it went: the errno, `connected`, or `silence` when nothing has come for a while. */
async function knock(host: Host, to: string, port: number, from?: string): Promise<string> {
  const options = JSON.stringify({ host: to, port, localAddress: from });
  const text = `
    const socket = require("net").connect(${options}, () => end("connected"));
    const end = (how) => { console.log(how); process.exit(); };
    socket.on("error", ({ code }) => end(code));
    setTimeout(() => end("silence"), 700);`;
  const started = await host.spawn({ label: "script", program: { file: process.execPath, args: ["-e", text] } });
  return (await started.exited).lastLines.at(-1) ?? "";
}

function shell(host: Host, command: string): ReturnType<Host["run"]> {
  return host.run({ command, cwd: "/", env: {}, count: null, number: null, timeoutMs: 5_000 });
}

test.each([
  [1, "ipv4"],
  [300, "ipv4"],
  [300, "ipv6"],
] as const)("nobody answers at the silent address, and no host says so (%i addresses, %s)", async (count, family) => {
  const addresses = { client: count, server: count };
  const lab = await labForTest({ addresses, ...(family === "ipv6" ? { family } : {}) });
  for (const host of [lab.hosts.client, lab.hosts.server]) {
    const other = host === lab.hosts.client ? lab.hosts.server : lab.hosts.client;
    expect(await knock(host, other.address, PORT)).toBe("ECONNREFUSED");
    expect(await knock(host, lab.silentAddress!, PORT)).toBe("silence");
    expect(await knock(host, lab.silentAddress!.replace(/\d+$/, "254"), PORT)).toBe("silence");
  }
});

test("a SYN from the silent network leaves the server waiting in SYN_RECV", async () => {
  const lab = await labForTest();
  await helloServer(lab);
  const { client, server } = lab.hosts;
  await shell(client, `ip address add ${lab.silentAddress}/32 dev lo`);
  expect(await knock(client, server.address, PORT, lab.silentAddress!)).toBe("silence");
  expect(await server.read({ port: PORT })).toMatchObject({ syn_recv: 1, established: 0 });
});

test("behind a cable that is taken away there is silence, until it is put back", async () => {
  const lab = await labForTest();
  await helloServer(lab);
  const { client, server } = lab.hosts;
  for (const host of [client, server]) {
    expect(await knock(client, server.address, PORT)).toBe("connected");
    await host.link("down");
    expect(await knock(client, server.address, PORT)).toBe("silence");
    // A second time is no mistake.
    await host.link("down");
    await host.link("up");
    expect(await knock(client, server.address, PORT)).toBe("connected");
  }
});

test("a host without a cable says so", async () => {
  const lab = await labForTest({ topology: "loopback" });
  await expect(lab.hosts.client.link("down")).rejects.toMatchObject({ code: "bad-scenario" });
  expect(lab.silentAddress).toBeNull();
});
