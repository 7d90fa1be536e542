import { onTestFinished, expect, test } from "vitest";
import { RefusedError } from "../../src/kernel/netlink.js";
import { NETLINK_SOCK_DIAG, NetlinkError, NetlinkSocket } from "../../src/kernel/netlink-socket.js";
import { AF_INET, AF_INET6, ALL_STATES, encodeRequest, type Family, socketsReply } from "../../src/kernel/sock-diag.js";
import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";

function open(): NetlinkSocket {
  const socket = NetlinkSocket.open(NETLINK_SOCK_DIAG);
  onTestFinished(() => socket.close());
  return socket;
}

interface Seen {
  state: number;
  localPort: number;
  remotePort: number;
  remoteAddress: string;
}

// The machine may hold TIME_WAIT of somebody else's on a port that has just been given to us: it is not asked for.
const ALL_BUT_TIME_WAIT = ALL_STATES & ~(1 << 6);

function dump(family: Family, ports: number[], states = ALL_BUT_TIME_WAIT): Seen[] {
  const socket = open();
  const seen: Seen[] = [];
  socket.send(encodeRequest({ family, states, ports }, 7));
  const reply = socketsReply(family, 7, ({ state, localPort, remotePort, remoteAddress }) =>
    seen.push({ state, localPort, remotePort, remoteAddress: remoteAddress.toString("hex") }),
  );
  while (!reply.done) reply.push(socket.receive());
  return seen;
}

async function listenOn(host: string): Promise<{ port: number; accepted: Promise<Socket> }> {
  const server = createServer();
  server.listen(0, host);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const accepted = once(server, "connection").then(([socket]) => socket as Socket);
  return { port: (server.address() as AddressInfo).port, accepted };
}

test("the kernel tells both ends of a connection, and of other ports nothing", async () => {
  const { port, accepted } = await listenOn("127.0.0.1");
  const client = connect(port, "127.0.0.1");
  onTestFinished(() => void client.destroy());
  onTestFinished(async () => void (await accepted).destroy());
  await accepted;
  const seen = dump(AF_INET, [port]);
  expect(seen).toHaveLength(3);
  const loopback = "7f000001";
  expect(seen).toContainEqual({ state: 10, localPort: port, remotePort: 0, remoteAddress: "00000000" });
  expect(seen).toContainEqual({ state: 1, localPort: port, remotePort: client.localPort, remoteAddress: loopback });
  expect(seen).toContainEqual({ state: 1, localPort: client.localPort, remotePort: port, remoteAddress: loopback });
  expect(dump(AF_INET6, [port])).toEqual([]);
});

test("the kernel keeps back the states that were not asked for", async () => {
  const { port } = await listenOn("127.0.0.1");
  expect(dump(AF_INET, [port], ALL_BUT_TIME_WAIT & ~(1 << 10))).toEqual([]);
  expect(dump(AF_INET, [port], 1 << 10)).toHaveLength(1);
});

test("several ports are asked for at once", async () => {
  const listeners = [await listenOn("127.0.0.1"), await listenOn("127.0.0.1"), await listenOn("127.0.0.1")];
  const [first, second, third] = listeners.map(({ port }) => port) as [number, number, number];
  const listening = (wanted: number[]): Set<number> =>
    new Set(dump(AF_INET, wanted, 1 << 10).map(({ localPort }) => localPort));
  expect(listening([first, third])).toEqual(new Set([first, third]));
  expect([...listening([])]).toEqual(expect.arrayContaining([first, second, third]));
});

test("what the kernel refuses carries its errno", () => {
  const unheardOf = 200 as Family;
  expect(() => dump(unheardOf, [])).toThrow(RefusedError);
});

test("there is no waiting for an answer to no question", () => {
  const socket = open();
  expect(() => socket.receive()).toThrow(NetlinkError);
  expect(() => socket.receive()).toThrow(/EAGAIN/u);
});

test("a protocol that there is not is told", () => {
  expect(() => NetlinkSocket.open(4_711)).toThrow(NetlinkError);
});
