import type { ListeningSocket } from "../lab/types.js";

/** Where a program listens, in words, against where it should. */

const MOST_SHOWN = 5;
const ANY = ["0.0.0.0", "::"];

/** `; it listens on 127.0.0.1:3000 (node)` */
export function listenersAsText(sockets: readonly ListeningSocket[]): string {
  if (sockets.length === 0) return "; it listens on no port";
  const shown = sockets
    .slice(0, MOST_SHOWN)
    .map((socket) => placeOf(socket) + (socket.program === null ? "" : ` (${socket.program})`));
  const more = sockets.length > MOST_SHOWN ? ` and ${sockets.length - MOST_SHOWN} more` : "";
  return `; it listens on ${shown.join(", ")}${more}`;
}

/** What to change, so that what listens is found. @param otherwise the hint where nothing is to be changed there */
export function hintForListener(
  sockets: readonly ListeningSocket[],
  wanted: { address: string; port: number },
  otherwise: string,
): string {
  const isReached = ({ address }: ListeningSocket): boolean => ANY.includes(address) || address === wanted.address;
  const rightPort = sockets.filter(({ port }) => port === wanted.port);
  const nearest = sockets.find(isReached) ?? sockets[0];
  if (nearest === undefined || rightPort.some(isReached)) return otherwise;
  const elsewhere = `it has to listen on {host}, here ${wanted.address}, or on ${wanted.address.includes(":") ? "::" : "0.0.0.0"}`;
  const [wrongAddress] = rightPort;
  if (wrongAddress !== undefined) return `It listens on ${wrongAddress.address}; in the lab ${elsewhere}.`;
  const port = `set server.port to ${nearest.port} (--set server.port=${nearest.port}), or tell it {port}`;
  return isReached(nearest)
    ? `It listens on port ${nearest.port} instead of ${wanted.port}: ${port}.`
    : `It listens on ${placeOf(nearest)}: in the lab ${elsewhere}; and ${port}.`;
}

/** `198.18.0.1:80`, `[2001:2:0:18::1]:80`. */
export function placeOf({ address, port }: Pick<ListeningSocket, "address" | "port">): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
