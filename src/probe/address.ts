import { type SocketAddress, socketAddress } from "../kernel/socket-address.js";

/** @throws Error for a name: the conductor has looked up all of them */
export function addressOf(host: string, port: number): SocketAddress {
  const address = socketAddress(host, port);
  if (address === null) throw new Error(`${host} is no IP address`);
  return address;
}
