import { libc } from "./libc.js";
import { Memory } from "./memory.js";
import { socketCalls } from "./socket.js";

/** Packet sockets whose packets the kernel puts into memory that it shares with us (Documentation/networking/packet_mmap.rst). */

export const AF_PACKET = 17;
/** include/uapi/linux/if_packet.h */
const SOL_PACKET = 263;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const TPACKET_V2 = 1;
const STATISTICS_BYTES = 8;
const DROPS_AT = 4;

/** struct tpacket2_hdr: status, length, kept length, where the frame and its packet begin, when it came. */
export const PLACE = { statusAt: 0, keptAt: 8, frameAt: 12, packetAt: 14, secondsAt: 16, nanosecondsAt: 20 } as const;
/** The place is ours until we write 0 there. */
export const STATUS_USER = 1;

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;

/** Blocks are whole pages, which are 64 KB on some arm64. */
const BLOCK_BYTES = 65_536;

export interface RingSize {
  blocks: number;
  /** Of one packet with the kernel's header; a whole number of them fits into a block. */
  placeBytes: number;
}

type Mmap = (address: number, length: number, protection: number, flags: number, fd: number, offset: number) => number;
type Munmap = (address: number, length: number) => number;
let declared: { mmap: Mmap; munmap: Munmap } | null = null;

/** Of one packet socket, in the order in which packets arrive. */
export class MappedRing {
  readonly bytes: Buffer;
  /** The same memory, for the statuses, which the kernel writes last and we read first. */
  readonly words: Int32Array;
  readonly places: number;
  readonly #fd: number;
  readonly #address: number;
  #missed = 0;

  /** null when a call failed: `libc().errno()` says why. @throws LibcUnavailableError */
  static on(fd: number, { blocks, placeBytes }: RingSize): MappedRing | null {
    declared ??= {
      mmap: libc().func(
        "intptr_t mmap(intptr_t address, size_t length, int protection, int flags, int fd, long offset)",
      ) as Mmap,
      munmap: libc().func("int munmap(intptr_t address, size_t length)") as Munmap,
    };
    const places = (BLOCK_BYTES / placeBytes) * blocks;
    if (setPacketOption(fd, PACKET_VERSION, TPACKET_V2) < 0) return null;
    if (setPacketOption(fd, PACKET_RX_RING, BLOCK_BYTES, blocks, placeBytes, places) < 0) return null;
    const length = BLOCK_BYTES * blocks;
    const address = declared.mmap(0, length, PROT_READ_WRITE, MAP_SHARED, fd, 0);
    return address === -1 ? null : new MappedRing(fd, address, length, places);
  }

  private constructor(fd: number, address: number, length: number, places: number) {
    const shared = libc().bytesAt(address, length);
    this.bytes = Buffer.from(shared);
    this.words = new Int32Array(shared);
    this.places = places;
    this.#fd = fd;
    this.#address = address;
  }

  /** How many packets there was no place for. */
  get missed(): number {
    const statistics = Memory.ofLength(STATISTICS_BYTES);
    const length = Memory.ofInts(STATISTICS_BYTES);
    // Reading sets the kernel's counts back to zero (net/packet/af_packet.c, packet_getsockopt).
    socketCalls().getsockopt(this.#fd, SOL_PACKET, PACKET_STATISTICS, statistics.address, length.address);
    return (this.#missed += statistics.bytes.readUInt32LE(DROPS_AT));
  }

  /** After this it must not be used. */
  unmap(): void {
    declared!.munmap(this.#address, this.bytes.length);
  }
}

/** Of SOL_PACKET. -1 when it failed. */
export function setPacketOption(fd: number, option: number, ...values: number[]): number {
  const value = Memory.ofInts(...values);
  return socketCalls().setsockopt(fd, SOL_PACKET, option, value.address, value.length);
}

/** From now on packets come: of one protocol, as the network has its number, and of one device (0: of all). -1 when it failed. */
export function bindPackets(fd: number, protocol: number, device: number): number {
  // struct sockaddr_ll: family, protocol, device, and what is of no use here.
  const from = Memory.ofLength(20);
  from.bytes.writeUInt16LE(AF_PACKET, 0);
  from.bytes.writeUInt16LE(protocol, 2);
  from.bytes.writeInt32LE(device, 4);
  return socketCalls().bind(fd, from.address, from.length);
}
