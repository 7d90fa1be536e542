import { channel } from "node:diagnostics_channel";
import { connect as connectPlain, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectSecure } from "node:tls";
import { errors } from "undici";
import { SOCKET_CHANNEL } from "../books/ledger.js";
import { type ConnectionNotes, connectionNotes } from "../books/notes.js";
import { failureKind, MALFORMED, thrownIn } from "../http/failure-kind.js";
import type { LoadTarget, TlsTarget } from "../types.js";
import { type PatientSocket, patientSocket } from "./patient-socket.js";

/** Node announces each of its sockets there, those that speak TLS not; the ledger takes none twice. */
const announced = channel(SOCKET_CHANNEL);

export interface ConnectionEvents {
  /** undici has thrown while it handled what the socket told. */
  thrown: () => void;
  connected: (socket: PatientSocket) => void;
  /** It was not made. */
  failed: (error: Error) => void;
  /** It was made, and ends by an error: the kernel's, or one that undici ends it with. */
  ended: (error: Error) => void;
  closed: (socket: PatientSocket) => void;
}

/** A connection under way, that undici takes over once it is made. */
export function openConnection(
  { host, port, tls }: LoadTarget,
  on: ConnectionEvents,
): { socket: PatientSocket; notes: ConnectionNotes } {
  const socket = patientSocket(tls === undefined ? connectPlain({ host, port }) : secure(host, port, tls));
  let connected = false;
  const notes = connectionNotes(socket);
  announced.publish({ socket });
  socket.setNoDelay(true);
  socket.onThrown = (error) => {
    const isTheirs = thrownIn("undici", error);
    if (isTheirs) on.thrown();
    return isTheirs;
  };
  socket.once(tls === undefined ? "connect" : "secureConnect", () => {
    connected = true;
    on.connected(socket);
  });
  socket.once("error", (error) => (connected ? on.ended(error) : on.failed(error)));
  socket.once("close", () => on.closed(socket));
  return { socket, notes };
}

/** Each connection with a handshake of its own: no session is kept. */
function secure(host: string, port: number, { ca }: TlsTarget): Socket {
  // Else Node sends its own FIN at the close_notify of the server, whose FIN is still to come. Its typings lack it.
  const patient = { allowHalfOpen: true };
  const checked: ConnectionOptions = ca === null ? { rejectUnauthorized: false } : { ca };
  return connectSecure({ host, port, ALPNProtocols: ["http/1.1"], ...checked, ...patient });
}

/**
 * Why undici itself ends a connection is in the error that it does it with (lib/dispatcher/client-h1.js): a reset after a
 * response that was the last, or that announced less idle time than it keeps to; or its own limit of idle time.
 * @param hint what the last answer says of how long the server keeps an idle connection
 */
export function noteEnd(notes: ConnectionNotes, error: Error, hint: string, idleMarginMs: number): void {
  if (!(error instanceof errors.InformationalError)) {
    if (failureKind(error) === MALFORMED) notes.endedBecause("malformed");
  } else if (error.message === "socket idle timeout") {
    notes.endedBecause("client-idle");
  } else if (error.message === "reset") {
    const [, seconds] = /timeout=(\d+)/u.exec(hint) ?? [];
    if (seconds !== undefined && Number(seconds) * 1000 <= idleMarginMs) notes.endedBecause("client-idle");
    else notes.announcedByAnswer();
  }
}
