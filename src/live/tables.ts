import type { TableSample } from "../sampler/types.js";
import { lasting } from "../links/lasting.js";
import { push } from "./curve.js";
import type { LiveHost, LiveTrial, States } from "./types.js";

/** A reading of a host's whole table: its sockets by state, and those of the load's own connections by side. */
export function hearTable(trial: LiveTrial, host: LiveHost, sample: TableSample, atMs: number): void {
  const states: Required<Pick<LiveHost, "states">>["states"] = {};
  for (const end of sample.ends) add(states, end.states);
  host.finWait2 = lasting(host.states.fin_wait2, states.fin_wait2);
  host.states = states;
  host.tracked = (sample.conntrack?.count ?? 0) > 0 ? sample.conntrack!.count : null;
  for (const role of host.roles) {
    const side = trial.sides[role];
    side.states = {};
    add(side.states, sample.sides[role]);
    push(side.tables, atMs, sample.sides[role].time_wait);
  }
}

function add(to: States, from: States): void {
  for (const [state, count] of Object.entries(from) as [keyof States, number][])
    if (count > 0) to[state] = (to[state] ?? 0) + count;
}
