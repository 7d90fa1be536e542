import type { SocketOptions } from "../../src/scenario/phases/types.js";

/** What a step has that says nothing of options. */
export const NO_OPTIONS: SocketOptions = {
  reuseAddress: false,
  reusePort: false,
  bindAddressNoPort: false,
  localPortRange: null,
  lingerSec: null,
  linger2Sec: null,
  nonBlocking: false,
  keepAlive: false,
  userTimeoutMs: null,
  deferAcceptSec: null,
  fastOpen: null,
};
