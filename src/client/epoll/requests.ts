import { BenchError } from "../../errors.js";
import { Memory } from "../../kernel/memory.js";
import { type Asked, askedOf, InTurn, saysLength } from "../http/asked.js";
import type { LoadPlan } from "../../scenario/types.js";
import type { LoadTarget } from "../types.js";
import { originOf } from "../target.js";

/** RFC 9112 section 3.2: what has no other meaning in a request line. */
const PATH = /^\/[!-~]*$/u;

/** The bytes of the requests that a load makes, whose turn it is among several paths. */
export class Requests {
  /** No body comes with an answer. */
  readonly toHead: boolean;
  readonly #asked: Asked;
  readonly #host: string;
  readonly #turn: InTurn<{ path: string; lasting: Memory | null; last: Memory | null }>;

  /** @throws BenchError `bad-scenario` for a path that cannot stand in a request line */
  constructor(plan: Pick<LoadPlan, "path" | "request">, target: LoadTarget) {
    this.#asked = askedOf(plan);
    for (const path of this.#asked.paths) requirePath(path);
    this.toHead = this.#asked.method === "HEAD";
    this.#host = originOf(target).replace("http://", "").replace(/:80$/u, "");
    this.#turn = new InTurn(this.#asked.paths.map((path) => ({ path, lasting: null, last: null })));
  }

  /** The next one, after which another may follow on its connection. */
  get lasting(): Memory {
    const current = this.#turn.current;
    return (current.lasting ??= this.#bytes(current.path, ""));
  }

  /** The same with `Connection: close`: the server is to close after its response. */
  get last(): Memory {
    const current = this.#turn.current;
    return (current.last ??= this.#bytes(current.path, "Connection: close\r\n"));
  }

  /** It was handed to the kernel, or as much of it as that takes. */
  sent(): void {
    this.#turn.pass();
  }

  #bytes(path: string, connection: string): Memory {
    const { method, body } = this.#asked;
    const headers = Object.entries(this.#asked.headers);
    const own = headers.some(([name]) => name.toLowerCase() === "host");
    const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const length = body?.length ?? (saysLength(method) ? 0 : null);
    const head = `${method} ${path} HTTP/1.1\r\n${own ? "" : `Host: ${this.#host}\r\n`}${fields}${length === null ? "" : `Content-Length: ${length}\r\n`}${connection}\r\n`;
    return new Memory(Buffer.concat([Buffer.from(head), body ?? Buffer.alloc(0)]));
  }
}

function requirePath(path: string): void {
  if (PATH.test(path)) return;
  throw new BenchError(
    "bad-scenario",
    `the path ${JSON.stringify(path)} cannot stand in a request`,
    "A path begins with / and has neither spaces nor characters beyond ASCII: write those as %20 and the like.",
  );
}
