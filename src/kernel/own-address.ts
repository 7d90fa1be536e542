import { Memory } from "./memory.js";
import { ADDRESS_BYTES, hostIn, portIn } from "./socket-address.js";
import { socketCalls } from "./socket.js";

let address: Memory | null = null;
let addressBytes: Memory | null = null;

/** The local end of a socket, as getsockname(2) tells it: port 0 where it has none yet. null when that failed. */
export function ownAddress(fd: number): { host: string; port: number } | null {
  address ??= Memory.ofLength(ADDRESS_BYTES);
  addressBytes ??= Memory.ofLength(4);
  addressBytes.bytes.writeInt32LE(address.length);
  if (socketCalls().getsockname(fd, address.address, addressBytes.address) < 0) return null;
  return { host: hostIn(address.bytes), port: portIn(address.bytes) };
}
