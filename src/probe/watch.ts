import { ownAddress } from "../kernel/own-address.js";
import { PacketRing } from "../kernel/packet-ring.js";
import { POLLIN, waitFor } from "../kernel/poll.js";
import { after, type ArrivedSegment, decodePacket, isBefore } from "./segment.js";

const ANY_PORT = { low: 0, high: 0xffff };

/** One of the connections that are watched, as far as the segments of the peer tell. */
export interface Watched {
  ownAddress: string;
  ownPort: number;
  /** The last number that the peer has acknowledged: what this side would send next, if all of it has arrived. */
  next: number | null;
  /** What the peer would send next. */
  peersNext: number | null;
  /** The last of each side's that the peer has told (RFC 7323, section 3.2); null: it sends none. */
  timestamp: { own: number; peers: number } | null;
}

/**
 * Sees the segments that one peer's port sends to connections from here. It begins before they are made, because a
 * SYN-ACK is the first to tell anything.
 */
export class Watch {
  readonly peer: { address: string; port: number };
  readonly #ring: PacketRing;
  readonly #connections = new Map<number, Watched>();

  /** The errno where the kernel allows none: EPERM without CAP_NET_RAW. */
  static open(address: string, port: number): Watch | number {
    const ring = PacketRing.open({ source: { address, port }, destinationPorts: ANY_PORT });
    return typeof ring === "number" ? ring : new Watch(ring, address, port);
  }

  private constructor(ring: PacketRing, address: string, port: number) {
    this.#ring = ring;
    this.peer = { address, port };
  }

  /** In the order of `follow`. */
  get connections(): Watched[] {
    return [...this.#connections.values()];
  }

  /** From now on this socket's connection too, with what has come for it and has not been looked at. */
  follow(fd: number): void {
    const own = ownAddress(fd);
    if (own === null) return;
    const { host, port } = own;
    this.#connections.set(port, { ownAddress: host, ownPort: port, next: null, peersNext: null, timestamp: null });
  }

  /** All that have been made are followed: other traffic from that port must not fill the ring. */
  narrow(): void {
    this.look();
    const ports = [...this.#connections.keys()];
    if (ports.length === 0) return;
    const destinationPorts = {
      low: ports.reduce((a, b) => Math.min(a, b)),
      high: ports.reduce((a, b) => Math.max(a, b)),
    };
    this.#ring.filter({ source: this.peer, destinationPorts });
  }

  /** Reads what has come by now; returns the segments of connections that are followed. */
  look(): ArrivedSegment[] {
    const arrived: ArrivedSegment[] = [];
    for (;;) {
      const packet = this.#ring.take();
      if (packet === null) return arrived;
      const segment = decodePacket(packet);
      const connection = segment === null ? undefined : this.#connections.get(segment.destinationPort);
      if (segment === null || connection === undefined) continue;
      learn(connection, segment);
      arrived.push(segment);
    }
  }

  /** Segments have come that there was no place for: what is known of a connection may not be the last. */
  get hasMissed(): boolean {
    return this.#ring.missed !== 0;
  }

  /** Blocks until something has come, or the time is over. */
  wait(timeoutMs: number): void {
    waitFor(this.#ring.fd, POLLIN, timeoutMs);
  }

  close(): void {
    this.#ring.close();
  }
}

/** Exported for tests. */
export function learn(connection: Watched, segment: ArrivedSegment): void {
  const { flags, sequence, acknowledgement, timestamp } = segment;
  // A RST tells nothing of what its sender has or expects: without a connection it makes its numbers from ours.
  if (flags.has("RST")) return;
  const begins = flags.has("SYN");
  const next = after(sequence, segment.dataBytes + (begins ? 1 : 0) + (flags.has("FIN") ? 1 : 0));
  // What was sent again, or has overtaken another, must not turn the numbers back; a new connection begins anew.
  if (begins || connection.peersNext === null || isBefore(connection.peersNext, next)) connection.peersNext = next;
  if (!flags.has("ACK")) return;
  if (begins || connection.next === null || isBefore(connection.next, acknowledgement))
    connection.next = acknowledgement;
  if (timestamp !== null) connection.timestamp = { own: timestamp.echo, peers: timestamp.value };
}
