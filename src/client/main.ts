/**
 * A load client as a process of its own on the client's host, so that its event loop and its CPU time are the load's
 * alone. It is told what to do over Node's IPC channel and stays after its report, so that its CPU time can be read,
 * until the channel is closed.
 */
import { loadClient } from "./kinds.js";
import { LoadSession } from "./session.js";
import type { FromClient, ToClient } from "./types.js";

const session = new LoadSession(loadClient, tell);

function tell(message: FromClient): void {
  // The callback takes the error of a channel that is being lost: 'disconnect' comes next.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

process.on("message", (message: ToClient) => void session.receive(message));
// Without the conductor nobody wants this load: it must not go on by itself for a moment.
process.on("disconnect", () => process.exit(0));
process.on("uncaughtException", (error) => session.fail(error));
process.on("unhandledRejection", (reason) => session.fail(reason));
if (!process.connected) process.exit(0);
