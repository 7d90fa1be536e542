import { answerBy } from "../states/answers.js";
import { Eye } from "./look.js";
import type { ReadRequest } from "./types.js";

/** Looks at the namespace that it was started in, as states/inside.ts does, and remembers. */
const eye = new Eye();

process.on("message", (request) => void answer(request as ReadRequest));
process.on("disconnect", () => process.exit(0));

async function answer(request: ReadRequest): Promise<void> {
  const told = await answerBy(() => eye.lookHere(request));
  if (process.connected) process.send!(told, () => {});
}
