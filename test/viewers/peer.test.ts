import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { endianness } from "node:os";
import { expect, test } from "vitest";
import { isOurOwn, userAtTheOtherEnd } from "../../src/viewers/peer.js";

const HERE = { localAddress: "127.0.0.1", localPort: 8080, remoteAddress: "127.0.0.2", remotePort: 40_001 };
const [OURS, THEIRS] = endianness() === "LE" ? ["0100007F", "0200007F"] : ["7F000001", "7F000002"];
const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

function line(local: string, remote: string, state: string, user: number): string {
  const uid = String(user).padStart(5);
  return `   7: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${uid}        0 139823 1 0000000012345678 20 4 30 10 -1`;
}

test("the user at the other end is the one of the open socket that has both addresses the other way round", () => {
  const [here, there] = [`${OURS}:1F90`, `${THEIRS}:9C41`];
  const own = line(here, there, "01", 0);
  const others = [line(`${THEIRS}:9C42`, here, "01", 7), line(there, `${OURS}:1F91`, "01", 8)];
  const table = (...lines: string[]): string => [HEAD, ...others, own, ...lines, ""].join("\n");
  expect(userAtTheOtherEnd(table(line(there, here, "01", 1000)), HERE)).toBe(1000);
  expect(userAtTheOtherEnd(table(), HERE)).toBeNull();
  // Of what is closed or in TIME_WAIT the kernel says 0, which is root.
  for (const state of ["04", "05", "06"])
    expect(userAtTheOtherEnd(table(line(there, here, state, 0)), HERE)).toBeNull();
});

test("a connection of ours is known for it", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [socket] = (await once(server, "connection")) as [Socket];
  expect(isOurOwn(socket)).not.toBe(false);
  client.destroy();
  server.close();
});
