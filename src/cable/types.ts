import type { LinkPlan } from "../scenario/types.js";

/** What goes in and comes out of the forwarder, between it and whoever has started it. */

/** Where a host's cable ends. */
export interface CableEnd {
  /** The host's name. */
  host: string;
  /** The device in the forwarder's namespace. */
  device: string;
  /** Of the host's own card: `02:00:c6:12:00:01`. */
  hardware: string;
}

export interface CableTask {
  ends: readonly CableEnd[];
  links: readonly LinkPlan[];
}

export type ToCable =
  | ({ type: "carry" } & CableTask)
  /** In place of what holds for these directions. */
  | { type: "change"; id: number; links: readonly LinkPlan[] }
  | { type: "count"; id: number };

export type FromCable =
  | { type: "awake" }
  | { type: "carrying" }
  | { type: "changed"; id: number }
  | { type: "counted"; id: number; counts: DirectionCounts[] }
  | { type: "failed"; message: string };

/** What became of the frames that one host has sent to another. null: whatever carries them does not count that. */
export interface DirectionCounts {
  from: string;
  to: string;
  /** Frames that came in. */
  frames: number | null;
  /** Frames that went out. */
  carried: number;
  /** By netem with those that overflowed. */
  lost: number;
  duplicated: number | null;
  /** Those that went ahead of others without delay. */
  reordered: number | null;
  /** Of what `from` sent, to whomever: dropped because the process that carries frames did not take them in time. */
  missed: number | null;
  /** Dropped for want of room: in the queue before the line, or in the process that carries them. */
  overflowed: number | null;
  /** How much later than asked for they went out: the time that half of them exceed, and one in a hundred. null too where none did. */
  lateP50Us: number | null;
  lateP99Us: number | null;
}
