import { libc } from "./libc.js";
import { AF_PACKET, bindPackets, MappedRing, PLACE, STATUS_USER } from "./mapped-ring.js";
import { AF_INET, AF_INET6 } from "./socket-address.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK, socketCalls } from "./socket.js";
import { filterSegments, type SegmentFilter } from "./socket-filter.js";

/** Packets begin with the header of IPv4 or IPv6, without a frame's. */
const SOCK_DGRAM = 2;
/** ETH_P_IP (0x0800) and ETH_P_IPV6 (0x86dd) as the network has them. */
const PROTOCOL = { [AF_INET]: 0x0008, [AF_INET6]: 0xdd86 } as const;
const EVERY_DEVICE = 0;

/** Behind struct tpacket2_hdr, aligned to 16 bytes, comes struct sockaddr_ll. */
const PACKET_TYPE_AT = 32 + 10;
const PACKET_OUTGOING = 4;

/** The kernel's header takes up 80, and a packet's own two, with all their options, 120: IPv6 has none there. */
const PLACE_BYTES = 256;
const BLOCKS = 64;
const KEPT_BYTES = 120;

/**
 * The heads of packets that arrive, copied by the kernel into 16,384 places that this process shares with it. A raw
 * socket's buffer, in which the data counts, is full after three large segments; this one does not care whether anybody
 * reads meanwhile.
 */
export class PacketRing {
  readonly fd: number;
  readonly #ring: MappedRing;
  #next = 0;

  /** The errno when it failed: EPERM without CAP_NET_RAW in the network namespace. @throws LibcUnavailableError */
  static open(filter: Omit<SegmentFilter, "keptBytes">): PacketRing | number {
    const calls = socketCalls();
    // Of no protocol yet: nothing may come in before there is a filter.
    const fd = calls.socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return libc().errno();
    const ring =
      filterSegments(fd, { ...filter, keptBytes: KEPT_BYTES }) < 0
        ? null
        : MappedRing.on(fd, { blocks: BLOCKS, placeBytes: PLACE_BYTES });
    if (ring !== null && bindPackets(fd, PROTOCOL[filter.family], EVERY_DEVICE) >= 0) return new PacketRing(fd, ring);
    const errno = libc().errno();
    ring?.unmap();
    calls.close(fd);
    return errno;
  }

  private constructor(fd: number, ring: MappedRing) {
    this.fd = fd;
    this.#ring = ring;
  }

  filter(filter: Omit<SegmentFilter, "keptBytes">): number {
    return filterSegments(this.fd, { ...filter, keptBytes: KEPT_BYTES });
  }

  /** The next packet that has arrived; null for none. It is a copy. */
  take(): Buffer | null {
    const { bytes, words, places } = this.#ring;
    for (;;) {
      const at = this.#next * PLACE_BYTES;
      // Atomic, because the kernel writes the rest of the frame first and its status last.
      if ((Atomics.load(words, at / 4) & STATUS_USER) === 0) return null;
      const from = at + bytes.readUInt16LE(at + PLACE.packetAt);
      const length = bytes.readUInt32LE(at + PLACE.keptAt);
      const outgoing = bytes.readUInt8(at + PACKET_TYPE_AT) === PACKET_OUTGOING;
      const packet = outgoing ? null : Buffer.from(bytes.subarray(from, from + length));
      Atomics.store(words, at / 4, 0);
      this.#next = (this.#next + 1) % places;
      if (packet !== null) return packet;
    }
  }

  /** How many packets there was no place for. */
  get missed(): number {
    return this.#ring.missed;
  }

  /** After this it must not be used. */
  close(): void {
    this.#ring.unmap();
    socketCalls().close(this.fd);
  }
}
