import type { Counters } from "../sampler/types.js";
import { difference } from "../stats/difference.js";
import type { HostView } from "./types.js";

/** What a host's kernel counted over the load; null where it cannot be read. */
export function countsOf({ before, after }: Pick<HostView, "before" | "after">): Counters | null {
  return before.counters === null || after.counters === null ? null : difference(before.counters, after.counters);
}
