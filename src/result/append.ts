import { appendFile } from "node:fs/promises";
import { BenchError } from "../errors.js";

/** Adds a text to the end of a file, as CI services want it for a job's summary. @throws BenchError `output-not-writable` */
export async function appendText(file: string, text: string): Promise<void> {
  try {
    await appendFile(file, text);
  } catch (error) {
    throw new BenchError(
      "output-not-writable",
      `nothing could be added to ${file}: ${(error as Error).message}`,
      "Look at its path and its permissions.",
    );
  }
}
