import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { Epoll, EPOLLERR, EPOLLET, EPOLLHUP, EPOLLIN, EPOLLOUT, EPOLLRDHUP } from "../../src/kernel/epoll.js";
import { libc, LibcUnavailableError } from "../../src/kernel/libc.js";
import { Memory } from "../../src/kernel/memory.js";
import { socketAddress, type SocketAddress } from "../../src/kernel/socket-address.js";
import {
  bindAddressNoPort,
  linger,
  localPortRange,
  pendingError,
  reuseAddress,
  setOption,
} from "../../src/kernel/socket-option.js";
import {
  MSG_NOSIGNAL,
  requireLinux,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  socketCalls,
} from "../../src/kernel/socket.js";
import { deadPort, nextEvents, startPeer } from "./peer.js";

const ALL = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
const REQUEST = new Memory(Buffer.from("request"));
const errnoName = (): string => libc().nameOfErrno(libc().errno());

function openSocket(family: number): number {
  const fd = socketCalls().socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  expect(fd).toBeGreaterThanOrEqual(0);
  return fd;
}

function openEpoll(): Epoll {
  const epoll = Epoll.open(4);
  onTestFinished(() => epoll.close());
  return epoll;
}

function addressOf(host: string, port: number): SocketAddress {
  const address = socketAddress(host, port);
  if (address === null) throw new Error(`no address: ${host}`);
  return address;
}

function connect(fd: number, { memory }: SocketAddress): void {
  if (socketCalls().connect(fd, memory.address, memory.length) < 0) expect(errnoName()).toBe("EINPROGRESS");
}

describe.each(["127.0.0.1", "::1"])("a connection to %s", (host) => {
  test("is made, carries bytes both ways, and shows the peer's FIN", async () => {
    const calls = socketCalls();
    const peer = await startPeer(host);
    const address = addressOf(host, peer.port);
    const epoll = openEpoll();
    const fd = openSocket(address.family);
    connect(fd, address);
    expect(epoll.add(fd, ALL, 4711)).toBe(0);

    expect((await nextEvents(epoll)) & (EPOLLOUT | EPOLLERR | EPOLLHUP)).toBe(EPOLLOUT);
    expect(epoll.tagAt(0)).toBe(4711);
    const socket = await peer.accepted();
    expect(calls.send(fd, REQUEST.address, REQUEST.length, MSG_NOSIGNAL)).toBe(REQUEST.length);
    expect(String((await once(socket, "data"))[0])).toBe("request");

    socket.write("response");
    expect((await nextEvents(epoll)) & (EPOLLIN | EPOLLRDHUP)).toBe(EPOLLIN);
    const into = Memory.ofLength(64);
    expect(calls.recv(fd, into.address, into.length, 0)).toBe("response".length);
    expect(into.bytes.toString("latin1", 0, "response".length)).toBe("response");
    expect(into.bytes[8]).toBe(0);
    expect(calls.recv(fd, into.address, into.length, 0)).toBe(-1);
    expect(errnoName()).toBe("EAGAIN");

    socket.end();
    expect((await nextEvents(epoll)) & EPOLLRDHUP).toBe(EPOLLRDHUP);
    expect(calls.recv(fd, into.address, into.length, 0)).toBe(0);
    const ended = once(socket, "end");
    expect(calls.close(fd)).toBe(0);
    socket.resume();
    await ended;
  });

  test("that nobody accepts fails with ECONNREFUSED, which is told once", async () => {
    const address = addressOf(host, await deadPort(host));
    const epoll = openEpoll();
    const fd = openSocket(address.family);
    connect(fd, address);
    epoll.add(fd, ALL, 1);
    expect((await nextEvents(epoll)) & EPOLLERR).toBe(EPOLLERR);
    expect(libc().nameOfErrno(pendingError(fd))).toBe("ECONNREFUSED");
    expect(pendingError(fd)).toBe(0);
    socketCalls().close(fd);
  });
});

describe("an option", () => {
  test("SO_LINGER with zero makes close() reset the connection", async () => {
    const peer = await startPeer("127.0.0.1");
    const fd = openSocket(2);
    connect(fd, addressOf("127.0.0.1", peer.port));
    const socket = await peer.accepted();
    socket.resume();
    const reset = once(socket, "error");
    expect(setOption(fd, linger(0))).toBe(0);
    socketCalls().close(fd);
    expect(((await reset)[0] as NodeJS.ErrnoException).code).toBe("ECONNRESET");
  });

  test.each(["127.0.0.1", "::1"])("IP_LOCAL_PORT_RANGE keeps the port to %s in its range", async (host) => {
    const peer = await startPeer(host);
    const address = addressOf(host, peer.port);
    const fd = openSocket(address.family);
    expect(setOption(fd, localPortRange(50_100, 50_199))).toBe(0);
    connect(fd, address);
    const { remotePort } = await peer.accepted();
    expect(remotePort).toBeGreaterThanOrEqual(50_100);
    expect(remotePort).toBeLessThanOrEqual(50_199);
    socketCalls().close(fd);
  });

  test("IP_BIND_ADDRESS_NO_PORT lets bind() choose the address alone", async () => {
    const calls = socketCalls();
    const peer = await startPeer("127.0.0.1");
    const fd = openSocket(2);
    const { memory } = addressOf("127.0.0.9", 0);
    expect(setOption(fd, bindAddressNoPort())).toBe(0);
    expect(setOption(fd, localPortRange(50_200, 50_201))).toBe(0);
    // With a port chosen now, a third socket bound to the two ports of the range would fail.
    for (const other of [openSocket(2), openSocket(2)]) {
      setOption(other, bindAddressNoPort());
      setOption(other, localPortRange(50_200, 50_201));
      expect(calls.bind(other, memory.address, memory.length)).toBe(0);
      onTestFinished(() => void calls.close(other));
    }
    expect(calls.bind(fd, memory.address, memory.length)).toBe(0);
    connect(fd, addressOf("127.0.0.1", peer.port));
    expect((await peer.accepted()).remoteAddress).toBe("127.0.0.9");
    calls.close(fd);
  });

  test("SO_REUSEADDR takes a port that a closed connection still has", async () => {
    const calls = socketCalls();
    const peer = await startPeer("127.0.0.1");
    const { memory } = addressOf("127.0.0.1", 50_300);
    const fd = openSocket(2);
    expect(setOption(fd, reuseAddress())).toBe(0);
    expect(calls.bind(fd, memory.address, memory.length)).toBe(0);
    connect(fd, addressOf("127.0.0.1", peer.port));
    const socket = await peer.accepted();
    calls.close(fd);
    socket.resume();
    await once(socket, "end");
    const again = openSocket(2);
    onTestFinished(() => void calls.close(again));
    expect(calls.bind(again, memory.address, memory.length)).toBe(-1);
    expect(errnoName()).toBe("EADDRINUSE");
    expect(setOption(again, reuseAddress())).toBe(0);
    expect(calls.bind(again, memory.address, memory.length)).toBe(0);
  });

  test("that a kernel would not take is told by its errno", () => {
    expect(setOption(-1, linger(0))).toBe(-1);
    expect(errnoName()).toBe("EBADF");
  });
});

describe("an address", () => {
  test("has family and port where the kernel looks for them", () => {
    const ipv4 = addressOf("198.18.0.1", 8080).memory.bytes;
    expect([...ipv4]).toEqual([2, 0, 0x1f, 0x90, 198, 18, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    const ipv6 = addressOf("fd00::1", 80).memory.bytes;
    expect(ipv6.subarray(0, 8).toString("hex")).toBe("0a00005000000000");
    expect(ipv6.subarray(8).toString("hex")).toBe(`fd00${"0".repeat(27)}1${"0".repeat(8)}`);
  });

  test.each(["localhost", "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "::g", "fe80::1%eth0", "1.2.3.4\0"])(
    "is not what %j stands for",
    (text) => expect(socketAddress(text, 80)).toBeNull(),
  );
});

describe("epoll", () => {
  test("returns without events when the time is over, fractions of a millisecond included", () => {
    const epoll = openEpoll();
    expect(epoll.wait(0)).toBe(0);
    for (const timeoutMs of [2, 2.5]) {
      const startMs = performance.now();
      expect(epoll.wait(timeoutMs)).toBe(0);
      expect(performance.now() - startMs).toBeGreaterThanOrEqual(timeoutMs);
    }
  });

  test("says which socket is which when several are ready at once", async () => {
    const peer = await startPeer("127.0.0.1");
    const epoll = openEpoll();
    const tags = [7, 0x7fff_ffff, 0];
    for (const tag of tags) {
      const fd = openSocket(2);
      onTestFinished(() => void socketCalls().close(fd));
      connect(fd, addressOf("127.0.0.1", peer.port));
      await peer.accepted();
      epoll.add(fd, ALL, tag);
    }
    expect(epoll.wait(1000)).toBe(tags.length);
    expect(new Set(tags.map((_, index) => epoll.tagAt(index)))).toEqual(new Set(tags));
    expect(tags.map((_, index) => epoll.eventsAt(index))).toEqual(tags.map(() => EPOLLOUT));
    // Edge-triggered: nothing has changed since.
    expect(epoll.wait(0)).toBe(0);
  });

  test("takes no file that is not open", () => {
    expect(openEpoll().add(-1, ALL, 0)).toBe(-1);
    expect(errnoName()).toBe("EBADF");
  });
});

describe("the platform", () => {
  test.each([
    ["linux", "x64"],
    ["linux", "arm64"],
  ] as const)("%s on %s will do", (platform, arch) => expect(() => requireLinux({ platform, arch })).not.toThrow());

  test.each([
    ["darwin", "arm64"],
    ["win32", "x64"],
    ["linux", "riscv64"],
  ] as const)("%s on %s has other numbers", (platform, arch) =>
    expect(() => requireLinux({ platform, arch })).toThrow(LibcUnavailableError),
  );
});
