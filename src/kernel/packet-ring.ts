import { libc } from "./libc.js";
import { Memory } from "./memory.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK, socketCalls } from "./socket.js";
import { filterSegments, type SegmentFilter } from "./socket-filter.js";

const AF_PACKET = 17;
/** Packets begin with their IPv4 header, without a frame's. */
const SOCK_DGRAM = 2;
/** ETH_P_IP (0x0800) as the network has it. */
const IPV4_PACKETS = 0x0008;

/** include/uapi/linux/if_packet.h */
const SOL_PACKET = 263;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const TPACKET_V2 = 1;
const STATISTICS_BYTES = 8;
const DROPS_AT = 4;
/** struct tpacket2_hdr: status, length, kept length, where; then, aligned to 16 bytes, struct sockaddr_ll. */
const STATUS_USER = 1;
const KEPT_LENGTH_AT = 8;
const NETWORK_AT = 14;
const PACKET_TYPE_AT = 32 + 10;
const PACKET_OUTGOING = 4;

/** Blocks are whole pages, which are 64 KB on some arm64. */
const BLOCK_BYTES = 65_536;
const BLOCKS = 64;
const RING_BYTES = BLOCK_BYTES * BLOCKS;
/** The kernel's header takes up 80, and a packet's own two, with all their options, 120. */
const FRAME_BYTES = 256;
const FRAMES = RING_BYTES / FRAME_BYTES;
const KEPT_BYTES = 120;

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;

type Mmap = (address: number, length: number, protection: number, flags: number, fd: number, offset: number) => number;
type Munmap = (address: number, length: number) => number;
let declared: { mmap: Mmap; munmap: Munmap } | null = null;

/**
 * The heads of packets that arrive, copied by the kernel into 16,384 places that this process shares with it
 * (Documentation/networking/packet_mmap.rst). A raw socket's buffer, in which the data counts, is full after three large
 * segments; this one does not care whether anybody reads meanwhile.
 */
export class PacketRing {
  readonly fd: number;
  readonly #address: number;
  readonly #bytes: Buffer;
  readonly #statuses: Int32Array;
  #next = 0;
  #missed = 0;

  /** The errno when it failed: EPERM without CAP_NET_RAW in the network namespace. @throws LibcUnavailableError */
  static open(filter: Omit<SegmentFilter, "keptBytes">): PacketRing | number {
    const calls = socketCalls();
    // Of no protocol yet: nothing may come in before there is a filter.
    const fd = calls.socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return libc().errno();
    const address = prepare(fd, filter);
    if (address !== null) return new PacketRing(fd, address);
    const errno = libc().errno();
    calls.close(fd);
    return errno;
  }

  private constructor(fd: number, address: number) {
    this.fd = fd;
    this.#address = address;
    const shared = libc().bytesAt(address, RING_BYTES);
    this.#bytes = Buffer.from(shared);
    this.#statuses = new Int32Array(shared);
  }

  filter(filter: Omit<SegmentFilter, "keptBytes">): number {
    return filterSegments(this.fd, { ...filter, keptBytes: KEPT_BYTES });
  }

  /** The next packet that has arrived; null for none. It is a copy. */
  take(): Buffer | null {
    for (;;) {
      const at = this.#next * FRAME_BYTES;
      // Atomic, because the kernel writes the rest of the frame first and its status last.
      if ((Atomics.load(this.#statuses, at / 4) & STATUS_USER) === 0) return null;
      const from = at + this.#bytes.readUInt16LE(at + NETWORK_AT);
      const length = this.#bytes.readUInt32LE(at + KEPT_LENGTH_AT);
      const outgoing = this.#bytes.readUInt8(at + PACKET_TYPE_AT) === PACKET_OUTGOING;
      const packet = outgoing ? null : Buffer.from(this.#bytes.subarray(from, from + length));
      Atomics.store(this.#statuses, at / 4, 0);
      this.#next = (this.#next + 1) % FRAMES;
      if (packet !== null) return packet;
    }
  }

  /** How many packets there was no place for. */
  get missed(): number {
    const statistics = Memory.ofLength(STATISTICS_BYTES);
    const length = ints(STATISTICS_BYTES);
    // Reading sets the kernel's counts back to zero (net/packet/af_packet.c, packet_getsockopt).
    socketCalls().getsockopt(this.fd, SOL_PACKET, PACKET_STATISTICS, statistics.address, length.address);
    return (this.#missed += statistics.bytes.readUInt32LE(DROPS_AT));
  }

  /** After this it must not be used. */
  close(): void {
    declared!.munmap(this.#address, RING_BYTES);
    socketCalls().close(this.fd);
  }
}

/** Where the ring lies; null when a call failed. */
function prepare(fd: number, filter: Omit<SegmentFilter, "keptBytes">): number | null {
  declared ??= {
    mmap: libc().func(
      "intptr_t mmap(intptr_t address, size_t length, int protection, int flags, int fd, long offset)",
    ) as Mmap,
    munmap: libc().func("int munmap(intptr_t address, size_t length)") as Munmap,
  };
  const calls = socketCalls();
  const set = (option: number, value: Memory): boolean =>
    calls.setsockopt(fd, SOL_PACKET, option, value.address, value.length) >= 0;
  if (filterSegments(fd, { ...filter, keptBytes: KEPT_BYTES }) < 0) return null;
  if (!set(PACKET_VERSION, ints(TPACKET_V2))) return null;
  if (!set(PACKET_RX_RING, ints(BLOCK_BYTES, BLOCKS, FRAME_BYTES, FRAMES))) return null;
  const address = declared.mmap(0, RING_BYTES, PROT_READ_WRITE, MAP_SHARED, fd, 0);
  if (address === -1) return null;
  // struct sockaddr_ll: family, protocol, device (0: every one), and what is of no use here.
  const every = Memory.ofLength(20);
  every.bytes.writeUInt16LE(AF_PACKET, 0);
  every.bytes.writeUInt16LE(IPV4_PACKETS, 2);
  if (calls.bind(fd, every.address, every.length) >= 0) return address;
  declared.munmap(address, RING_BYTES);
  return null;
}

function ints(...values: number[]): Memory {
  return new Memory(Buffer.from(Int32Array.from(values).buffer));
}
