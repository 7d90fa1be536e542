import { HELD_KINDS } from "./held-kinds.js";
import { OPENING_KINDS } from "./opening-kinds.js";
import { SEGMENT_KINDS } from "./segment-kinds.js";

/** All that is done with sockets by a host's probe, in the order of the manual. */
export const SOCKET_KINDS = { ...OPENING_KINDS, ...HELD_KINDS, ...SEGMENT_KINDS };
