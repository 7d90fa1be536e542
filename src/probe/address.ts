import { type SocketAddress, socketAddress } from "../kernel/socket-address.js";

export const LOOPBACK = "127.0.0.1";
const ANY = "0.0.0.0";

/** @throws Error for a name: the conductor has looked up all of them */
export function addressOf(host: string, port: number): SocketAddress {
  const address = socketAddress(host, port);
  if (address === null) throw new Error(`${host} is no IP address`);
  return address;
}

/** A local address as a step says it. @param own what null stands for; left out: every address */
export function localAddress(written: string | null, own = ANY): string {
  if (written === null) return own;
  return written === "any" ? ANY : written === "loopback" ? LOOPBACK : written;
}
