import { BenchError } from "../../errors.js";
import { Memory } from "../../kernel/memory.js";
import type { LoadTarget } from "../types.js";
import { originOf } from "../target.js";

/** RFC 9112 section 3.2: what has no other meaning in a request line. */
const PATH = /^\/[!-~]*$/u;
/** A socket takes this much at once, whatever is set for its buffers (include/net/sock.h, SOCK_MIN_SNDBUF). */
const LONGEST_BYTES = 2048;

/** The bytes of the two requests that a load makes. */
export interface RequestBytes {
  /** Another one may follow. */
  lasting: Memory;
  /** `Connection: close`: the server is to close after its response. */
  last: Memory;
}

/** @throws BenchError `bad-scenario` for a path that cannot stand in a request line, or is too long for one send() */
export function requestsFor(path: string, target: LoadTarget): RequestBytes {
  if (!PATH.test(path)) {
    throw new BenchError(
      "bad-scenario",
      `the path ${JSON.stringify(path)} cannot stand in a request`,
      "A path begins with / and has neither spaces nor characters beyond ASCII: write those as %20 and the like.",
    );
  }
  const host = originOf(target).replace("http://", "").replace(/:80$/u, "");
  const head = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n`;
  const bytes = (text: string): Memory => new Memory(Buffer.from(text));
  const requests = { lasting: bytes(`${head}\r\n`), last: bytes(`${head}Connection: close\r\n\r\n`) };
  if (requests.last.length <= LONGEST_BYTES) return requests;
  throw new BenchError(
    "bad-scenario",
    `a request of ${requests.last.length} bytes is too long for the client epoll`,
    "Shorten the path, or take another client: --client undici",
  );
}
