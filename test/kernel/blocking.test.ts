import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { setBlocking } from "../../src/kernel/blocking.js";
import { libc } from "../../src/kernel/libc.js";
import { acceptBlocking, listenOn } from "../../src/kernel/listener.js";
import { Memory } from "../../src/kernel/memory.js";
import { ownAddress } from "../../src/kernel/own-address.js";
import { POLLIN, POLLOUT, waitFor } from "../../src/kernel/poll.js";
import { socketAddress } from "../../src/kernel/socket-address.js";
import { keepAlive, sendTimeout, setOption } from "../../src/kernel/socket-option.js";
import { MSG_NOSIGNAL, SHUT, SOCK_CLOEXEC, SOCK_STREAM, socketCalls } from "../../src/kernel/socket.js";
import { startPeer } from "./peer.js";

const errnoName = (): string => libc().nameOfErrno(libc().errno());

/** A socket that blocks, connected to a listener of our own, and the other end. */
function connectedPair(): { fd: number; other: number; port: number } {
  const calls = socketCalls();
  const listener = listenOn("127.0.0.1", 0, 5);
  const { port } = ownAddress(listener)!;
  const { memory } = socketAddress("127.0.0.1", port)!;
  const fd = calls.socket(2, SOCK_STREAM | SOCK_CLOEXEC, 0);
  expect(calls.connect(fd, memory.address, memory.length)).toBe(0);
  const other = acceptBlocking(listener);
  expect(other).toBeGreaterThan(0);
  onTestFinished(() => [fd, other, listener].forEach((open) => calls.close(open)));
  return { fd, other, port };
}

describe("a socket that blocks", () => {
  test("sends for as long as its time lasts, and says how much was taken", () => {
    const { fd } = connectedPair();
    const much = Memory.ofLength(100_000_000);
    expect(setOption(fd, sendTimeout(120))).toBe(0);
    const startMs = performance.now();
    const taken = socketCalls().send(fd, much.address, much.length, MSG_NOSIGNAL);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(110);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(much.length);
    // Little by little the other side's kernel still takes some, until nobody has room.
    const more = (): number => socketCalls().send(fd, much.address, 1_000_000, MSG_NOSIGNAL);
    for (let sends = 1; more() > 0; sends++) expect(sends).toBeLessThan(50);
    expect(errnoName()).toBe("EAGAIN");
  });

  test("is one that does not, and one again", () => {
    const { fd, other } = connectedPair();
    const into = Memory.ofLength(1);
    expect(setBlocking(fd, false)).toBeGreaterThanOrEqual(0);
    expect(socketCalls().recv(fd, into.address, 1, 0)).toBe(-1);
    expect(errnoName()).toBe("EAGAIN");
    expect(setBlocking(fd, true)).toBeGreaterThanOrEqual(0);
    socketCalls().send(other, into.address, 1, MSG_NOSIGNAL);
    expect(socketCalls().recv(fd, into.address, 1, 0)).toBe(1);
    expect(setBlocking(-1, true)).toBe(-1);
    expect(errnoName()).toBe("EBADF");
  });

  test("that is shut down sends its FIN and still reads", async () => {
    const peer = await startPeer("127.0.0.1");
    const fd = socketCalls().socket(2, SOCK_STREAM | SOCK_CLOEXEC, 0);
    onTestFinished(() => void socketCalls().close(fd));
    const { memory } = socketAddress("127.0.0.1", peer.port)!;
    socketCalls().connect(fd, memory.address, memory.length);
    const socket = await peer.accepted();
    expect(socketCalls().shutdown(fd, SHUT.write)).toBe(0);
    socket.resume();
    await once(socket, "end");
    socket.write("x");
    expect(waitFor(fd, POLLIN, 1000)).toBe(POLLIN);
  });
});

describe("poll", () => {
  test("says what there is, or waits until the time is over", () => {
    const { fd, other } = connectedPair();
    const byte = Memory.ofLength(1);
    expect(waitFor(fd, POLLOUT, 1000)).toBe(POLLOUT);
    const startMs = performance.now();
    expect(waitFor(fd, POLLIN, 30)).toBe(0);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(29);
    socketCalls().send(other, byte.address, 1, MSG_NOSIGNAL);
    expect(waitFor(fd, POLLIN, 1000)).toBe(POLLIN);
  });

  test("says of a file that is not open that it is none", () => {
    const POLLNVAL = 0x20;
    expect(waitFor(1_000_000, POLLIN, 1000)).toBe(POLLNVAL);
  });
});

test("a socket's own end is told with its port", () => {
  const { fd, other, port } = connectedPair();
  expect(ownAddress(other)).toEqual({ host: "127.0.0.1", port });
  expect(ownAddress(fd)!.port).not.toBe(port);
  expect(ownAddress(-1)).toBeNull();
});

test("SO_KEEPALIVE is taken", () => {
  const { fd } = connectedPair();
  expect(setOption(fd, keepAlive())).toBe(0);
});
