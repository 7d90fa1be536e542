import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod/mini";
import { makeOwnFolder } from "../folder.js";
import { writeWhole } from "../result/file.js";
import type { Lesson } from "./types.js";

/** What is kept of a lesson between two calls: how far it went, hands, and what `--check` found. In the user's cache. */
const Kept = z.object({
  /** The step's id; null: it begins anew. */
  step: z.nullable(z.string()),
  hands: z.record(z.string(), z.record(z.string(), z.number())),
  /** Steps that do not show here what they should, and why. */
  replay: z.record(z.string(), z.string()),
});
export type Kept = z.infer<typeof Kept>;

export const NOTHING_KEPT: Kept = { step: null, hands: {}, replay: {} };

export interface Notebook {
  read(): Promise<Kept>;
  write(kept: Kept): Promise<void>;
}

/** @param cache the user's cache folder */
export function notebookOf({ name }: Pick<Lesson, "name">, cache: string): Notebook {
  const file = join(cache, "workshop", `${name.replaceAll(/[^\w.-]+/gu, "-")}.json`);
  return {
    // What is damaged, or of another version, is as if it were not there.
    read: () =>
      readFile(file, "utf8")
        .then(
          (text) => Kept.parse(JSON.parse(text)),
          () => NOTHING_KEPT,
        )
        .catch(() => NOTHING_KEPT),
    write: async (kept) => {
      await makeOwnFolder(join(cache, "workshop"), "Set XDG_CACHE_HOME to a folder of your own.");
      await writeWhole(file, `${JSON.stringify(kept)}\n`);
    },
  };
}
