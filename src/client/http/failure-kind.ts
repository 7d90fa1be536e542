/** The peer's FIN came before a whole response: between requests, or in the middle of one. */
export const SERVER_CLOSED = "server-closed";
/** What came is not HTTP, or not an answer to what was asked. */
export const MALFORMED = "malformed-response";
/** In flight when the load ended, and not answered within the time that the drain allows. */
export const UNFINISHED = "unfinished";
export const TIMED_OUT = "ETIMEDOUT";
/** The server's certificate was not accepted. */
export const BAD_CERTIFICATE = "certificate";
/** A TLS handshake failed otherwise than by the certificate or by an errno. */
export const HANDSHAKE_FAILED = "tls";
/** The client's library has failed by a fault of its own. */
export const LIBRARY_BUG = "library-bug";

/** Codes of X.509 verification (Node's doc/api/tls.md, "X509 certificate error codes"), and of OpenSSL. */
const CERTIFICATE = /^(?:CERT_|DEPTH_ZERO_|ERR_TLS_CERT_|INVALID_CA$|PATH_LENGTH_|SELF_SIGNED_|UNABLE_TO_)/u;
const TLS = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/u;

/** The name under which a failed request is counted: the kernel's errno where there is one, else a kind of ours. */
export function failureKind(error: Error): string {
  // undici 7 gives it a code that is always undefined; what llhttp says of a message cut short stands in its sentence.
  if (error.name === "HTTPParserError") return error.message.includes("Invalid EOF state") ? SERVER_CLOSED : MALFORMED;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  switch (code) {
    case "UND_ERR_SOCKET":
      return error.message.startsWith("bad ") ? MALFORMED : SERVER_CLOSED;
    // The body ended before its Content-Length.
    case "UND_ERR_RES_CONTENT_LENGTH_MISMATCH":
      return SERVER_CLOSED;
    case "UND_ERR_HEADERS_OVERFLOW":
      return MALFORMED;
    default:
      if (CERTIFICATE.test(code)) return BAD_CERTIFICATE;
      return TLS.test(code) ? HANDSHAKE_FAILED : code;
  }
}

/** Whether it was thrown by the code of this library, and not by ours. */
export function thrownIn(library: "undici" | "autocannon", error: unknown): boolean {
  const [, thrower = ""] = /\n\s+at (.*)/u.exec((error as Error | undefined)?.stack ?? "") ?? [];
  const parts = library === "autocannon" ? [library, "http-parser-js"] : [library];
  return parts.some((part) => thrower.includes(`/node_modules/${part}/`));
}

/** The kernel has ended the connection by a RST of the peer. */
export function isReset(error: Error): boolean {
  return "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}
