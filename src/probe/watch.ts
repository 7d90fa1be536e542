import { ownAddress } from "../kernel/own-address.js";
import { PacketRing } from "../kernel/packet-ring.js";
import { POLLIN, waitFor } from "../kernel/poll.js";
import { peerAddress } from "../kernel/tcp-info.js";
import { addressOf } from "./address.js";
import { after, type ArrivedSegment, decodePacket, isBefore } from "./segment.js";

const ANY_PORT = { low: 0, high: 0xffff };
/** So many segments of a connection are kept until somebody asks for them. */
const KEPT_SEGMENTS = 64;

interface Ports {
  low: number;
  high: number;
}

export interface End {
  address: string;
  port: number;
}

/** One of the connections that are watched, as far as the segments of the peer tell. */
export interface Watched {
  own: End;
  peer: End;
  /** What this side would send next, if all of it has arrived: the last number that the peer has acknowledged. */
  next: number | null;
  /** What the peer would send next. */
  peersNext: number | null;
  /** The last of each side's that the peer has told (RFC 7323, section 3.2); null: it sends none. */
  timestamp: { own: number; peers: number } | null;
  /** What has come and was not asked for yet, the oldest first. */
  arrived: Arrived[];
  /** The numbers when it was asked for last: null each, where that was never. */
  heardFrom: Pick<Watched, "next" | "peersNext" | "timestamp">;
}

export interface Arrived {
  segment: ArrivedSegment;
  /** It says again what the peer has sent before, or probes: it would have come by itself. */
  repeats: boolean;
  atMs: number;
}

/** Which segments a watch sees. */
export interface Sight {
  /** An address of the family that it sees. */
  like: string;
  /** null: of anybody. */
  source: End | null;
  /** Where they go to; what is null: to any. */
  destination: { address: string | null; port: number | null };
}

/**
 * Sees the segments that come for connections from here. It begins before they are made, because a SYN or SYN-ACK is the
 * first to tell anything.
 */
export class Watch {
  readonly #sight: Sight;
  readonly #ring: PacketRing;
  readonly #now: () => number;
  readonly #begun: ((connection: Watched) => void) | null;
  readonly #connections = new Map<string, Watched>();

  /**
   * The errno where the kernel allows none: EPERM without CAP_NET_RAW.
   * @param begun where whoever sends a SYN is followed: it is told each one
   */
  static open(sight: Sight, now: () => number, begun: ((connection: Watched) => void) | null = null): Watch | number {
    const ring = PacketRing.open(filterOf(sight, portsOf(sight.destination.port)));
    return typeof ring === "number" ? ring : new Watch(sight, ring, now, begun);
  }

  private constructor(
    sight: Sight,
    ring: PacketRing,
    now: () => number,
    begun: ((connection: Watched) => void) | null,
  ) {
    this.#sight = sight;
    this.#ring = ring;
    this.#now = now;
    this.#begun = begun;
  }

  /** In the order of `follow`. */
  get connections(): Watched[] {
    return [...this.#connections.values()];
  }

  /** From now on this socket's connection too, with what has come for it and has not been looked at. */
  follow(fd: number): void {
    const own = ownAddress(fd);
    const { source } = this.#sight;
    if (own !== null && source !== null) this.followed({ address: own.host, port: own.port }, source);
  }

  /** From now on the connection between these two. */
  followed(own: End, peer: End): Watched {
    const nothing = { next: null, peersNext: null, timestamp: null };
    const connection: Watched = { own, peer, ...nothing, arrived: [], heardFrom: nothing };
    this.#connections.set(keyOf(own, peer), connection);
    return connection;
  }

  /** That of a socket that was accepted; null where its SYN was not seen. */
  of(fd: number): Watched | null {
    const own = ownAddress(fd);
    const peer = peerAddress(fd);
    if (own === null || peer === null) return null;
    this.look();
    return this.#connections.get(keyOf({ address: own.host, port: own.port }, peer)) ?? null;
  }

  /** All that have been made are followed: other traffic from that port must not fill the ring. */
  narrow(): void {
    this.look();
    const ports = this.connections.map(({ own }) => own.port);
    if (ports.length === 0) return;
    const range = { low: ports.reduce((a, b) => Math.min(a, b)), high: ports.reduce((a, b) => Math.max(a, b)) };
    this.#ring.filter(filterOf(this.#sight, range));
  }

  /** Reads what has come by now, for the connections that are followed. */
  look(): void {
    for (;;) {
      const packet = this.#ring.take();
      if (packet === null) return;
      const segment = decodePacket(packet);
      const connection = segment === null ? null : this.#connectionOf(segment);
      if (segment === null || connection === null) continue;
      const { arrived } = connection;
      arrived.push({ segment, repeats: isRepeat(connection, segment), atMs: this.#now() });
      if (arrived.length > KEPT_SEGMENTS) arrived.shift();
      learn(connection, segment);
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

  #connectionOf(segment: ArrivedSegment): Watched | null {
    const own = { address: segment.destinationAddress, port: segment.destinationPort };
    const peer = { address: segment.sourceAddress, port: segment.sourcePort };
    const known = this.#connections.get(keyOf(own, peer));
    if (known !== undefined || this.#begun === null || !segment.flags.has("SYN")) return known ?? null;
    const connection = this.followed(own, peer);
    this.#begun(connection);
    return connection;
  }
}

/** Some of what a watch follows: the connections of one name. */
export interface Followed {
  watch: Watch;
  connections(): Watched[];
  /** What it says is said by segments alone, so that it counts as sent what it has sent; null: it has a socket. */
  ghost: { timestamps: boolean } | null;
}

function filterOf({ like, source, destination: { address } }: Sight, ports: Ports) {
  return { family: addressOf(like, 0).family, source, destination: { address, ports } };
}

function portsOf(port: number | null): Ports {
  return port === null ? ANY_PORT : { low: port, high: port };
}

function keyOf(own: End, peer: End): string {
  return `${own.address} ${own.port} ${peer.address} ${peer.port}`;
}

/** Before it is learned from. A SYN-ACK that comes again may be an answer as well. Exported for tests. */
export function isRepeat({ peersNext }: Watched, { flags, sequence, dataBytes }: ArrivedSegment): boolean {
  if (peersNext === null || flags.has("SYN") || flags.has("RST")) return false;
  const taken = dataBytes + (flags.has("FIN") ? 1 : 0);
  const end = after(sequence, taken);
  return taken === 0 ? isBefore(sequence, peersNext) : !isBefore(peersNext, end);
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
  if (!flags.has("ACK")) {
    if (begins && timestamp !== null) connection.timestamp = { own: timestamp.echo, peers: timestamp.value };
    return;
  }
  if (begins || connection.next === null || isBefore(connection.next, acknowledgement))
    connection.next = acknowledgement;
  if (timestamp !== null) connection.timestamp = { own: timestamp.echo, peers: timestamp.value };
}
