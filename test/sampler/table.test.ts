import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { LinkEnd } from "../../src/sampler/types.js";
import { openNetlinkTable, openTable, openTextTable, type Table } from "../../src/sampler/table.js";
import { bundled } from "../support/bundled.js";

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

/** What else has the port, such as a connection in TIME_WAIT of another test's, is no business of these tests. */
function listenersAt(port: number, ends: readonly LinkEnd[]): LinkEnd[] {
  return ends.filter((end) => end.port === port && end.states.listen !== undefined);
}

test("netlink is what is used where it works", async () => {
  const port = await listener();
  const table = await openTable();
  expect(table.source).toBe("netlink");
  expect(listenersAt(port, (await readOnce(table)).ends)).toMatchObject([{ end: "to", states: { listen: 1 } }]);
});

test("both means count the same listener, and say what it cost", async () => {
  const port = await listener();
  for (const table of [await openNetlinkTable(), openTextTable()]) {
    const { ends, costMs } = await readOnce(table);
    expect(listenersAt(port, ends)).toEqual([
      { end: "to", port, local: "::", remote: "::", states: { listen: 1 }, timeWaitLeftMs: null, timeWaitBorn: 0 },
    ]);
    expect(costMs).toBeGreaterThan(0);
  }
});

test("a table that was closed can be read again", async () => {
  const port = await listener();
  const table = await openNetlinkTable();
  await table.read();
  table.close();
  expect(listenersAt(port, (await readOnce(table)).ends)).toHaveLength(1);
});

const LIBRARY_MISSING =
  `import Module from "node:module"; const load = Module._load; ` +
  `Module._load = (name, ...rest) => { if (name === "koffi") throw new Error("none for this machine"); return load(name, ...rest); };`;

test("without a library for system calls the text is read, and nothing fails", async () => {
  const serverPort = await listener();
  const table = await bundled("src/sampler/table.ts");
  const program =
    `import { openTable } from "${table}"; const table = await openTable();` +
    `process.stdout.write(JSON.stringify([table.source, (await table.read()).ends.some(({ port }) => port === ${serverPort})]));`;
  const hidden = `data:text/javascript,${encodeURIComponent(LIBRARY_MISSING)}`;
  const output = execFileSync(process.execPath, ["--import", hidden, "--input-type=module", "--eval", program]);
  expect(JSON.parse(output.toString())).toEqual(["proc", true]);
});
