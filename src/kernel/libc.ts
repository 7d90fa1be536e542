import type * as koffi from "koffi";
import { createRequire } from "node:module";

/** glibc; musl under the names that its distributions give it (x64, arm64); whatever the linker calls libc. */
const NAMES = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1", "libc.so"] as const;

/** The C library of this process, as far as system calls need it. */
export interface Libc {
  /**
   * A function by its C prototype: `int close(int fd)`. A `void *` takes a Buffer, whose memory the call reads and
   * writes in place. What it is called with and what it returns is for the caller to cast.
   * @throws when the library has no such function, or the prototype cannot be read
   */
  func(prototype: string): unknown;
  /** Where the bytes lie, for a parameter of the type `intptr_t`. They stay there as long as the view is kept. */
  addressOf(bytes: ArrayBufferView): number;
  /** The bytes that lie there, which the caller knows to be the process's own for as long as they are used. */
  bytesAt(address: number, length: number): ArrayBuffer;
  /** Of the last call that failed on this thread. Ask at once: whatever runs in between may change it. */
  errno(): number;
  /** The numbers by name, `EAGAIN` among them: they are not the same on every architecture. */
  errnoOf: Readonly<Record<string, number>>;
  /** `EAGAIN` for 11; `errno 4711` for a number that has no name here. */
  nameOfErrno(errno: number): string;
}

/** This machine offers no way to call the C library: no koffi for its platform, or no libc under a known name. */
export class LibcUnavailableError extends Error {
  override readonly name = "LibcUnavailableError";
}

type Koffi = Pick<typeof koffi, "load" | "errno" | "os" | "address" | "view">;
let loaded: Libc | null = null;

/**
 * Loaded when it is first asked for, which takes about 10 ms, and then kept: programs that never ask run where there
 * is no koffi.
 * @throws LibcUnavailableError
 */
export function libc(): Libc {
  loaded ??= load();
  return loaded;
}

function load(): Libc {
  const ffi = loadKoffi();
  const library = loadLibrary(ffi);
  const errnoOf = ffi.os.errno;
  // EAGAIN is EWOULDBLOCK by another name: the first of two names, by the alphabet, is the one that people use.
  const names = Object.entries(errnoOf).toSorted(([a], [b]) => (a < b ? 1 : -1));
  const nameOf = new Map(names.map(([name, errno]) => [errno, name]));
  return {
    func: (prototype) => library.func(prototype),
    addressOf: (bytes) => Number(ffi.address(bytes)),
    bytesAt: (address, length) => ffi.view(BigInt(address), length),
    errno: errnoOfThread(ffi, library),
    errnoOf,
    nameOfErrno: (errno) => nameOf.get(errno) ?? `errno ${errno}`,
  };
}

/** glibc and musl tell where this thread's errno lies; to look there costs nothing, unlike a call. */
function errnoOfThread(ffi: Koffi, library: ReturnType<Koffi["load"]>): () => number {
  let errno: Int32Array;
  try {
    const location = library.func("intptr_t __errno_location()") as () => number;
    errno = new Int32Array(ffi.view(BigInt(location()), Int32Array.BYTES_PER_ELEMENT));
  } catch {
    return () => ffi.errno();
  }
  return () => errno[0] as number;
}

function loadKoffi(): Koffi {
  try {
    // Not an import: that would fail for everybody where koffi has no binary.
    return createRequire(import.meta.url)("koffi") as Koffi;
  } catch (error) {
    throw new LibcUnavailableError(`koffi cannot be loaded: ${(error as Error).message}`, { cause: error });
  }
}

function loadLibrary(ffi: Koffi): ReturnType<Koffi["load"]> {
  const reasons: string[] = [];
  for (const name of NAMES) {
    try {
      return ffi.load(name);
    } catch (error) {
      reasons.push(`${name}: ${(error as Error).message}`);
    }
  }
  throw new LibcUnavailableError(`no C library can be loaded (${reasons.join("; ")})`);
}
