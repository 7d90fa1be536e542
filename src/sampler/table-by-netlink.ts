import { existsSync } from "node:fs";
import { DamagedReplyError } from "../kernel/netlink.js";
import { NETLINK_SOCK_DIAG, NetlinkSocket } from "../kernel/netlink-socket.js";
import {
  AF_INET,
  AF_INET6,
  ALL_STATES,
  allSocketsReply,
  encodeRequest,
  encodeRequestForAll,
  type Family,
  type SocketsRequest,
  socketsReply,
} from "../kernel/sock-diag.js";
import { NET } from "./read.js";
import type { SocketCounts } from "./socket-counts.js";
import { inStretches } from "./stretches.js";

/** Bits of TCP_LISTEN: of all states the one that a dump finds fastest. */
export const LISTENERS = 1 << 10;
/** A reply that is never done would be read for ever; no table that fits into memory has so many datagrams. */
const MOST_DATAGRAMS = 1_000_000;

type OnSocket = Parameters<typeof socketsReply>[2];

/** Reads the table of states by sock_diag. */
export class NetlinkTable {
  readonly #ports: readonly number[];
  readonly #families: readonly Family[];
  #socket: NetlinkSocket | null = null;
  #sequence = 0;

  /**
   * Asks the kernel once, to see whether it answers.
   * @param ports only sockets with one of them are fetched
   * @throws where this machine or its kernel cannot do it
   */
  static async open(ports: readonly number[]): Promise<NetlinkTable> {
    const table = new NetlinkTable(ports);
    await table.dump(LISTENERS, () => {});
    return table;
  }

  private constructor(ports: readonly number[]) {
    this.#ports = [...new Set(ports)];
    // A kernel without IPv6 has no file for it, and answers a request with an error.
    this.#families = existsSync(NET + "tcp6") ? [AF_INET, AF_INET6] : [AF_INET];
  }

  /** @returns what it cost, in milliseconds. @throws NetlinkError, RefusedError, DamagedReplyError */
  read(counts: SocketCounts): Promise<number> {
    return this.dump(ALL_STATES, (socket) =>
      counts.add(socket.state, socket.localPort, socket.remotePort, socket.expiresMs),
    );
  }

  close(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  /**
   * Hands over each socket that is in one of the states; the object stands for the next one afterwards.
   * @param states bits `1 << state`
   * @returns what it cost, in milliseconds. @throws NetlinkError, RefusedError, DamagedReplyError
   */
  async dump(states: number, onSocket: OnSocket): Promise<number> {
    let costMs = 0;
    try {
      for (const family of this.#families) costMs += await this.#dump({ family, states, ports: this.#ports }, onSocket);
    } catch (error) {
      // What is left of a reply that went wrong must not be taken for part of the next one.
      this.close();
      throw error;
    }
    return costMs;
  }

  /**
   * The first sockets of both families, in the order of the kernel's hash: as good as drawn by lot. What it costs does
   * not depend on how many there are. Knows no ports.
   * @param most datagrams, of some 330 sockets each
   * @returns `complete`: these were all. @throws NetlinkError, RefusedError, DamagedReplyError
   */
  async sample(states: number, most: number, onSocket: OnSocket): Promise<{ costMs: number; complete: boolean }> {
    const sequence = ++this.#sequence;
    const reply = allSocketsReply(sequence, onSocket);
    const socket = (this.#socket ??= NetlinkSocket.open(NETLINK_SOCK_DIAG));
    try {
      socket.send(encodeRequestForAll(states, sequence));
      let datagrams = 0;
      const costMs = await inStretches(() => {
        reply.push(socket.receive());
        return !reply.done && ++datagrams < most;
      });
      return { costMs, complete: reply.done };
    } finally {
      // The kernel goes on with a reply for as long as the socket is open.
      if (!reply.done) this.close();
    }
  }

  #dump(request: SocketsRequest, onSocket: OnSocket): Promise<number> {
    const socket = (this.#socket ??= NetlinkSocket.open(NETLINK_SOCK_DIAG));
    const sequence = ++this.#sequence;
    const reply = socketsReply(request.family, sequence, onSocket);
    let datagrams = 0;
    return inStretches(() => {
      if (datagrams++ === 0) socket.send(encodeRequest(request, sequence));
      if (datagrams > MOST_DATAGRAMS) throw new DamagedReplyError("the reply does not end");
      reply.push(socket.receive());
      return !reply.done;
    });
  }
}
