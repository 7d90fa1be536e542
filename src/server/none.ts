import type { Host } from "../lab/types.js";
import type { RunningServer } from "./types.js";

/** For scenarios whose single sockets play the server themselves. */
export function noServer(port: number, host: Host): RunningServer {
  return {
    name: "none",
    host: host.address,
    port,
    processId: null,
    died: new Promise(() => {}),
    count: () => Promise.resolve(null),
  };
}
