import { RefusedStep } from "./sockets.js";
import { type SocketAddress, socketAddress } from "../kernel/socket-address.js";

interface Special {
  any: string;
  loopback: string;
}
const IPV4: Special = { any: "0.0.0.0", loopback: "127.0.0.1" };
const IPV6: Special = { any: "::", loopback: "::1" };

/** @param like an address of the family that is meant */
export function special(like: string): Special {
  return like.includes(":") ? IPV6 : IPV4;
}

/** @throws RefusedStep for what only looks like an address; the conductor has looked up all names */
export function addressOf(host: string, port: number): SocketAddress {
  const address = socketAddress(host, port);
  if (address === null) throw new RefusedStep(`${host} is no IP address`);
  return address;
}

/**
 * A local address as a step says it.
 * @param own what null stands for; `any` and `loopback` are those of its family
 */
export function localAddress(written: string | null, own: string): string {
  if (written === null) return own;
  return written === "any" || written === "loopback" ? special(own)[written] : written;
}
