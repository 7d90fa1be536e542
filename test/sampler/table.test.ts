import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openNetlinkTable, openTable, openTextTable, type Table } from "../../src/sampler/table.js";

async function listener(): Promise<number> {
  const server = createServer().listen(0, "::");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function readOnce(table: Table): Promise<Awaited<ReturnType<Table["read"]>>> {
  onTestFinished(() => table.close());
  return table.read();
}

test("netlink is what is used where it works", async () => {
  const serverPort = await listener();
  const table = await openTable({ serverPort, otherPorts: [] });
  expect(table.source).toBe("netlink");
  expect((await readOnce(table)).sides.server.listen).toBe(1);
});

test("both means count the same listener, and say what it cost", async () => {
  const serverPort = await listener();
  const ports = { serverPort, otherPorts: [] };
  const byNetlink = await readOnce(await openNetlinkTable(ports));
  const byText = await readOnce(openTextTable(ports));
  for (const { ports: groups, costMs } of [byNetlink, byText]) {
    expect(groups).toEqual([{ port: serverPort, end: "local", states: { listen: 1 }, timeWaitLeftMs: null }]);
    expect(costMs).toBeGreaterThan(0);
  }
});

test("a table that was closed can be read again", async () => {
  const serverPort = await listener();
  const table = await openNetlinkTable({ serverPort, otherPorts: [] });
  await table.read();
  table.close();
  expect((await readOnce(table)).sides.server.listen).toBe(1);
});

const LIBRARY_MISSING =
  `import Module from "node:module"; const load = Module._load; ` +
  `Module._load = (name, ...rest) => { if (name === "koffi") throw new Error("none for this machine"); return load(name, ...rest); };`;

test("without a library for system calls the text is read, and nothing fails", async () => {
  const serverPort = await listener();
  const table = new URL("../../dist/sampler/table.js", import.meta.url).href;
  const program =
    `import { openTable } from "${table}"; const table = await openTable({ serverPort: ${serverPort}, otherPorts: [] });` +
    `process.stdout.write(JSON.stringify([table.source, (await table.read()).sides.server.listen]));`;
  const hidden = `data:text/javascript,${encodeURIComponent(LIBRARY_MISSING)}`;
  const output = execFileSync(process.execPath, ["--import", hidden, "--input-type=module", "--eval", program]);
  expect(JSON.parse(output.toString())).toEqual(["proc", 1]);
});
