import { Memory } from "./memory.js";
import { ipv4In, portIn } from "./socket-address.js";
import { socketCalls } from "./socket.js";

let address: Memory | null = null;
let addressBytes: Memory | null = null;

/** The local end of an IPv4 socket, as getsockname(2) tells it: port 0 where it has none yet. null when that failed. */
export function ownAddress(fd: number): { host: string; port: number } | null {
  address ??= Memory.ofLength(16);
  addressBytes ??= Memory.ofLength(4);
  addressBytes.bytes.writeInt32LE(address.length);
  if (socketCalls().getsockname(fd, address.address, addressBytes.address) < 0) return null;
  return { host: ipv4In(address.bytes), port: portIn(address.bytes) };
}
