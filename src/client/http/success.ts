import type { LoadPlan } from "../../scenario/types.js";

const HIGHEST = 599;

/** By which status a request has succeeded; any other is the name of its failure. */
export class Success {
  /** By status: 1 where it counts as success. */
  readonly #counts = new Uint8Array(HIGHEST + 1);

  constructor({ success = ["2xx", "3xx"] }: Pick<LoadPlan, "success">) {
    for (const one of success) {
      const [from, to] = one.endsWith("xx")
        ? [Number(one[0]) * 100, Number(one[0]) * 100 + 99]
        : [Number(one), Number(one)];
      this.#counts.fill(1, from, to + 1);
    }
  }

  /** null where it has succeeded. */
  failure(status: number): string | null {
    return this.#counts[status] === 1 ? null : `HTTP ${status}`;
  }
}
