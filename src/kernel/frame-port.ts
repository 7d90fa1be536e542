import { libc } from "./libc.js";
import { AF_PACKET, bindPackets, MappedRing, PLACE, setPacketOption, STATUS_USER } from "./mapped-ring.js";
import type { Address } from "./memory.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK, socketCalls } from "./socket.js";

const SOCK_RAW = 3;
/** ETH_P_ALL (0x0003) as the network has it. */
const ALL_PACKETS = 0x0300;
/** include/uapi/linux/if_packet.h */
const PACKET_VNET_HDR = 15;
const PACKET_QDISC_BYPASS = 20;

/**
 * struct virtio_net_hdr, before each frame: what is still to be done to it. Hosts leave checksums to their card, and so it
 * has to be said on the other side that this one has not been made.
 */
export const TO_DO_BYTES = 10;
/** A frame with its head and what is to be done to it, the kernel's header of a place included, fits into this. */
export const PLACE_BYTES = 2048;
/** 4,096 frames, 8 MB: what comes while this process has lost the processor for some tens of milliseconds. */
const BLOCKS = 128;

/** One end of a cable, of which each frame comes in here, and can be sent on: whole, as the card behind it has it. */
export class FramePort {
  readonly fd: number;
  readonly #ring: MappedRing;
  readonly #send = socketCalls().send;
  /** Of the place that is looked at, in bytes. */
  #at = 0;
  /** What `look` found: where it begins in `bytes`, what is to be done included, and how long all that is. */
  from = 0;
  length = 0;
  /** false where it did not fit into a place. */
  whole = false;
  /** When the kernel had it, by its clock CLOCK_REALTIME. */
  seconds = 0;
  nanoseconds = 0;

  /** @param device by its name. @throws Error with the errno; LibcUnavailableError */
  static open(device: string): FramePort {
    const calls = socketCalls();
    const index = (libc().func("unsigned int if_nametoindex(const char *name)") as (name: string) => number)(device);
    if (index === 0) throw failed(`if_nametoindex(${device})`);
    const fd = calls.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) throw failed("socket(AF_PACKET)");
    if (setPacketOption(fd, PACKET_VNET_HDR, 1) < 0) throw failed("PACKET_VNET_HDR");
    const ring = MappedRing.on(fd, { blocks: BLOCKS, placeBytes: PLACE_BYTES });
    if (ring === null) throw failed("PACKET_RX_RING");
    // Where it fails, frames take a way that is somewhat longer.
    setPacketOption(fd, PACKET_QDISC_BYPASS, 1);
    if (bindPackets(fd, ALL_PACKETS, index) < 0) throw failed("bind(AF_PACKET)");
    return new FramePort(fd, ring);
  }

  private constructor(fd: number, ring: MappedRing) {
    this.fd = fd;
    this.#ring = ring;
  }

  get bytes(): Buffer {
    return this.#ring.bytes;
  }

  /** Whether a frame is there. It stays where it is, and can be read there, until `next`. */
  look(): boolean {
    const { words, bytes } = this.#ring;
    const at = this.#at;
    // Atomic, because the kernel writes the rest of the frame first and its status last.
    if ((Atomics.load(words, at / 4) & STATUS_USER) === 0) return false;
    const kept = words[(at + PLACE.keptAt) / 4]!;
    this.whole = kept === words[at / 4 + 1];
    this.from = at + bytes.readUInt16LE(at + PLACE.frameAt) - TO_DO_BYTES;
    this.length = kept + TO_DO_BYTES;
    this.seconds = words[(at + PLACE.secondsAt) / 4]!;
    this.nanoseconds = words[(at + PLACE.nanosecondsAt) / 4]!;
    return true;
  }

  /** Gives the place back to the kernel. */
  next(): void {
    const { words, places } = this.#ring;
    Atomics.store(words, this.#at / 4, 0);
    this.#at = (this.#at + PLACE_BYTES) % (places * PLACE_BYTES);
  }

  /** What lies there, as `look` found it, goes out to the card at the other end. false where the kernel took it not. */
  send(at: number, length: number): boolean {
    return this.#send(this.fd, at as Address, length, 0) >= 0;
  }

  /** How many frames there was no place for. */
  get missed(): number {
    return this.#ring.missed;
  }
}

function failed(call: string): Error {
  return new Error(`${call} failed with ${libc().nameOfErrno(libc().errno())}`);
}
