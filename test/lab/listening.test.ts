import { createServer, type AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { parseListening } from "../../src/lab/inside/listening.js";

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const REST = "00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0\n";

test("only sockets that listen are taken, with their addresses as people write them", () => {
  const tcp = `${HEAD}   0: 0100007F:1F90 00000000:0000 0A ${REST}   1: 0100007F:1F91 0100007F:1F90 01 ${REST}`;
  expect(parseListening(tcp)).toEqual([{ address: "127.0.0.1", port: 8080, inode: "4711" }]);
  const line = (address: string): string => `   0: ${address}:0BB8 ${"0".repeat(32)}:0000 0A ${REST}`;
  const tcp6 =
    HEAD + line("0".repeat(32)) + line(`${"0".repeat(24)}01000000`) + line("B80D0120000000000000000002000000");
  expect(parseListening(tcp6).map(({ address }) => address)).toEqual(["::", "::1", "2001:db8::2"]);
});

test("this machine's own table tells of a socket that listens", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const found = parseListening(readFileSync("/proc/self/net/tcp", "latin1"));
  expect(found).toContainEqual(expect.objectContaining({ address: "127.0.0.1", port }));
});
