import { existsSync } from "node:fs";
import { DamagedReplyError, type DumpReply } from "../kernel/netlink.js";
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
import type { SocketSink } from "./socket-counts.js";
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
   * @param ports only sockets with one of them are fetched; empty: all
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
  read(counts: SocketSink): Promise<number> {
    return this.forEach((socket) => {
      const { state, localPort, remotePort, expiresMs, localKey, remoteKey } = socket;
      counts.add(state, localPort, remotePort, expiresMs, localKey, remoteKey);
    });
  }

  /** The same, socket by socket, with all that the kernel tells of each: see `DiagSocket`. */
  forEach(onSocket: Parameters<typeof socketsReply>[2]): Promise<number> {
    return this.dump(ALL_STATES, onSocket);
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
   * The same with one walk over the kernel's table instead of one for each family, which is most of the cost where few
   * sockets are in one of the states; but whatever their ports.
   */
  async dumpBoth(states: number, onSocket: OnSocket): Promise<number> {
    const sequence = ++this.#sequence;
    const request = encodeRequestForAll(states, sequence);
    try {
      return await this.#ask(request, allSocketsReply(sequence, onSocket));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #dump(request: SocketsRequest, onSocket: OnSocket): Promise<number> {
    const sequence = ++this.#sequence;
    return this.#ask(encodeRequest(request, sequence), socketsReply(request.family, sequence, onSocket));
  }

  #ask(request: Buffer, reply: DumpReply): Promise<number> {
    const socket = (this.#socket ??= NetlinkSocket.open(NETLINK_SOCK_DIAG));
    let datagrams = 0;
    return inStretches(() => {
      if (datagrams++ === 0) socket.send(request);
      if (datagrams > MOST_DATAGRAMS) throw new DamagedReplyError("the reply does not end");
      reply.push(socket.receive());
      return !reply.done;
    });
  }
}
