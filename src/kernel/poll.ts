import { monotonicMs } from "./clock.js";
import { libc } from "./libc.js";
import { type Address, Memory } from "./memory.js";

/** include/uapi/asm-generic/poll.h */
export const POLLIN = 0x1;
/** @public for tests of the whole call */
export const POLLOUT = 0x4;

/** struct pollfd: the file, then 16 bits of what is waited for, then 16 of what there is. */
const POLLFD_BYTES = 8;
const EVENTS_AT = 4;
const RETURNED_AT = 6;

type Poll = (files: Address, count: number, timeoutMs: number) => number;
let declared: { poll: Poll; file: Memory } | null = null;

/**
 * Blocks this thread until there is one of the events, an error or a hangup. Returns what there is, 0 when the time is
 * over, -1 when the call failed. @throws LibcUnavailableError
 */
export function waitFor(fd: number, events: number, timeoutMs: number): number {
  declared ??= {
    poll: libc().func("int poll(intptr_t files, unsigned long count, int timeoutMs)") as Poll,
    file: Memory.ofLength(POLLFD_BYTES),
  };
  const { poll, file } = declared;
  const deadlineMs = monotonicMs() + timeoutMs;
  file.bytes.writeInt32LE(fd, 0);
  file.bytes.writeInt16LE(events, EVENTS_AT);
  for (;;) {
    const ready = poll(file.address, 1, Math.max(0, Math.ceil(deadlineMs - monotonicMs())));
    if (ready > 0) return file.bytes.readUInt16LE(RETURNED_AT);
    if (ready === 0) return 0;
    // A signal to the process: nothing has happened.
    if (libc().errno() !== libc().errnoOf["EINTR"]) return -1;
  }
}
