import { lookHere } from "./look.js";
import type { LookRequest } from "./types.js";

/**
 * Looks at the namespace that it was started in, each time it is asked, and ends with who asks. A process of its own,
 * since a network namespace can be joined by a thread, but a user namespace only by a process of one thread
 * (setns(2)), which Node is not.
 */
export type FromInside = { reading: Awaited<ReturnType<typeof lookHere>> } | { failure: string };

async function answer(request: LookRequest): Promise<void> {
  let told: FromInside;
  try {
    told = { reading: await lookHere(request) };
  } catch (error) {
    told = { failure: (error as Error).message };
  }
  if (process.connected) process.send!(told, () => {});
}

process.on("message", (request) => void answer(request as LookRequest));
process.on("disconnect", () => process.exit(0));
