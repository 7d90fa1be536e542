import { readFileSync } from "node:fs";
import { structSizes } from "../../kernel/btf.js";

/** What the kernel keeps for one socket over IPv4, in bytes; null where this machine does not tell. */
export interface ObjectSizes {
  timeWait: number | null;
  socket: number | null;
}

const SLAB = "/sys/kernel/slab";
const BTF = "/sys/kernel/btf/vmlinux";

let known: ObjectSizes | null = null;

/**
 * Of an object in TIME_WAIT and of a whole socket: what the kernel's allocator says, which only root may read, else the
 * size of the same structs by the kernel's description of its types. It does not change, so it is looked up once.
 */
export function objectSizes(): ObjectSizes {
  known ??= fromSlab() ?? fromBtf();
  return known;
}

function fromSlab(): ObjectSizes | null {
  const timeWait = numberIn(`${SLAB}/tw_sock_TCP/object_size`);
  const socket = numberIn(`${SLAB}/TCP/object_size`);
  return timeWait === null || socket === null ? null : { timeWait, socket };
}

function fromBtf(): ObjectSizes {
  try {
    const sizes = structSizes(readFileSync(BTF), ["tcp_timewait_sock", "tcp_sock"]);
    return { timeWait: sizes.tcp_timewait_sock ?? null, socket: sizes.tcp_sock ?? null };
  } catch {
    return { timeWait: null, socket: null };
  }
}

function numberIn(file: string): number | null {
  try {
    return Number.parseInt(readFileSync(file, "latin1"), 10);
  } catch {
    return null;
  }
}
