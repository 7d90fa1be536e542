/**
 * A probe as a process of its own on its host: its sockets really block, and with them the whole process. It is told
 * over Node's IPC channel what to do, and ends when the channel is closed; a call that blocks by then ends first.
 */
import { socketCalls } from "../kernel/socket.js";
import { Prober } from "./prober.js";
import { RefusedStep } from "./sockets.js";
import { NoDescriptorLeft } from "./tally.js";
import type { FromProbe, ToProbe } from "./types.js";

function tell(message: FromProbe): void {
  // The callback takes the error of a channel that is being lost: 'disconnect' comes next.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** It stays, so that this is what the conductor hears, and not that a process has ended. */
function fail(error: unknown): void {
  tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
}

const prober = new Prober();

process.on("message", (message: ToProbe) => {
  try {
    tell({ type: "figures", id: message.id, figures: prober.take(message) });
  } catch (error) {
    const { id } = message;
    if (error instanceof RefusedStep) tell({ type: "refused", id, message: error.message });
    else if (error instanceof NoDescriptorLeft) tell({ type: "no-descriptor", id, errno: error.message });
    else fail(error);
  }
});
process.on("disconnect", () => process.exit(0));
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);

if (!process.connected) process.exit(0);
try {
  socketCalls();
  tell({ type: "ready" });
} catch (error) {
  fail(error);
}
