import { libc, LibcUnavailableError } from "./libc.js";
import { type Address, Memory } from "./memory.js";
import { requireLinux } from "./socket.js";

/** Reads an open file from its beginning into the memory that it was made for; how many bytes there were. */
export type ReadWhole = (fd: number) => number;

/**
 * pread() as it is, for files that are read a hundred times a second: fs.readSync() costs three times as much around it.
 * null where no system call can be made.
 */
export function readWholeInto(bytes: Buffer): ReadWhole | null {
  try {
    requireLinux();
    const { address, length } = new Memory(bytes);
    const pread = libc().func("intptr_t pread(int fd, intptr_t bytes, intptr_t length, intptr_t offset)") as (
      fd: number,
      bytes: Address,
      length: number,
      offset: number,
    ) => number;
    return (fd) => {
      const count = pread(fd, address, length, 0);
      if (count < 0) throw new Error(`read failed with ${libc().nameOfErrno(libc().errno())}`);
      return count;
    };
  } catch (error) {
    if (!(error instanceof LibcUnavailableError)) throw error;
    return null;
  }
}
