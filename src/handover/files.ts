import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BenchError } from "../errors.js";
import type { ExportedFile } from "./k6.js";

/** @throws BenchError `output-not-writable` */
export async function writeFiles(folder: string, files: readonly ExportedFile[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const { name, text } of files) await writeFile(join(folder, name), text);
  } catch (error) {
    throw new BenchError(
      "output-not-writable",
      `${folder} cannot be written: ${(error as Error).message}`,
      "Choose another --output.",
    );
  }
}

/** @throws BenchError `bad-result` */
export async function readLog(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new BenchError(
      "bad-result",
      `${file} cannot be read: ${(error as Error).message}`,
      "Give it what k6 printed.",
    );
  }
}
