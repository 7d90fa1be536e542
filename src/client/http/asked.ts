import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { BenchError } from "../../errors.js";
import type { BodyPlan, LoadPlan } from "../../scenario/types.js";

/** What the requests of a load say, in the form in which a client writes them. */
export interface Asked {
  method: string;
  headers: Readonly<Record<string, string>>;
  /** null: none. */
  body: Buffer<ArrayBuffer> | null;
  /** In turn; at least one. */
  paths: readonly string[];
}

/** @throws BenchError `bad-scenario` when the file of a body is not the one any more that the scenario was read with */
export function askedOf({ path, request }: Pick<LoadPlan, "path" | "request">): Asked {
  if (request === undefined) return { method: "GET", headers: {}, body: null, paths: [path] };
  const { method, headers, body, paths } = request;
  return { method, headers, body: body === null ? null : bytesOf(body), paths };
}

function bytesOf(body: BodyPlan): Buffer<ArrayBuffer> {
  if ("text" in body) return Buffer.from(body.text);
  const hint = "Leave it as it is while it is measured, and run again.";
  let bytes: Buffer<ArrayBuffer>;
  try {
    bytes = readFileSync(body.file);
  } catch (error) {
    throw new BenchError("bad-scenario", `the body ${body.file} cannot be read: ${(error as Error).message}`, hint);
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (body.sha256 === undefined || body.sha256 === sha256) return bytes;
  throw new BenchError("bad-scenario", `the body ${body.file} has changed since the scenario was read`, hint);
}

/** Where no body is, it is told that there is none: these methods have one mostly (RFC 9110 section 8.6). */
export function saysLength(method: string): boolean {
  return method === "POST" || method === "PUT" || method === "PATCH";
}

/** Of several paths the next one, again and again. */
export class InTurn<Of> {
  readonly #all: readonly Of[];
  #next = 0;

  constructor(all: readonly Of[]) {
    this.#all = all;
  }

  /** The one whose turn it is, which it stays. */
  get current(): Of {
    return this.#all[this.#next]!;
  }

  pass(): void {
    this.#next = this.#next + 1 === this.#all.length ? 0 : this.#next + 1;
  }
}
