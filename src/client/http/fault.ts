/** What is wrong with a malformed response, in one word. */
export type Fault =
  /** It does not begin with `HTTP/1.x nnn`. */
  | "status-line"
  /** HTTP, but of another major version than 1. */
  | "version"
  /** 101: nobody asked for another protocol. */
  | "upgrade"
  | "field-name"
  /** A control character in a field value or in the reason phrase. */
  | "field-value"
  /** A field that goes on in the next line (RFC 9112 section 5.2). */
  | "obs-fold"
  /** A line that does not end with CR LF. */
  | "line-end"
  | "line-too-long"
  /** The head with the interim responses before it, or the trailers. */
  | "head-too-long"
  /** Not a number, or two different ones. */
  | "content-length"
  | "transfer-encoding"
  /** Content-Length and Transfer-Encoding at once (RFC 9112 section 6.3). */
  | "two-lengths"
  | "chunk-size"
  | "chunk-extension"
  /** The chunk is longer than its size says. */
  | "chunk-end"
  /** Bytes after the response, which nothing has asked for. */
  | "surplus-bytes";
