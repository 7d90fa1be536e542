import { RefusedStep } from "./sockets.js";
import { type SocketAddress, socketAddress } from "../kernel/socket-address.js";

export const LOOPBACK = "127.0.0.1";
const ANY = "0.0.0.0";

/** @throws RefusedStep for what only looks like an address; the conductor has looked up all names */
export function addressOf(host: string, port: number): SocketAddress {
  const address = socketAddress(host, port);
  if (address === null) throw new RefusedStep(`${host} is no IP address`);
  return address;
}

/** A local address as a step says it. @param own what null stands for; left out: every address */
export function localAddress(written: string | null, own = ANY): string {
  if (written === null) return own;
  return written === "any" ? ANY : written === "loopback" ? LOOPBACK : written;
}
