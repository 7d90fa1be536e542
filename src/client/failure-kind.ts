/** The peer's FIN came before a whole response: between requests, or in the middle of one. */
export const SERVER_CLOSED = "server-closed";
/** What came is not HTTP, or not an answer to what was asked. */
export const MALFORMED = "malformed-response";
export const TIMED_OUT = "ETIMEDOUT";

/** The name under which a failed request is counted: the kernel's errno where there is one, else a kind of ours. */
export function failureKind(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  switch (code) {
    case "UND_ERR_SOCKET":
      return error.message.startsWith("bad ") ? MALFORMED : SERVER_CLOSED;
    // The body is shorter than its Content-Length, or llhttp met the end of the stream inside a message.
    case "UND_ERR_RES_CONTENT_LENGTH_MISMATCH":
    case "HPE_INVALID_EOF_STATE":
      return SERVER_CLOSED;
    case "UND_ERR_HEADERS_OVERFLOW":
      return MALFORMED;
    default:
      return code.startsWith("HPE_") ? MALFORMED : code;
  }
}

/** null for a status that counts as success: 2xx and 3xx. */
export function statusFailure(status: number): string | null {
  return status >= 200 && status < 400 ? null : `HTTP ${status}`;
}

/** The kernel has ended the connection by a RST of the peer. */
export function isReset(error: Error): boolean {
  return "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}
