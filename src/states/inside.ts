import { answerBy } from "./answers.js";
import { lookHere } from "./look.js";
import type { LookRequest } from "./types.js";

/**
 * Looks at the namespace that it was started in, each time it is asked, and ends with who asks. A process of its own,
 * since a network namespace can be joined by a thread, but a user namespace only by a process of one thread
 * (setns(2)), which Node is not.
 */
process.on("message", (request) => void answer(request as LookRequest));
process.on("disconnect", () => process.exit(0));

async function answer(request: LookRequest): Promise<void> {
  const told = await answerBy(() => lookHere(request));
  if (process.connected) process.send!(told, () => {});
}
