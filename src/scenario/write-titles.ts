import { readFile, writeFile } from "node:fs/promises";
import { allScenarios, OWN_FOLDER } from "./folders.js";
import { TITLES, fingerprint } from "./known-titles.js";
import { readScenario } from "./read.js";

/** The last step of a build: see known-titles.ts. */
const titles: Record<string, string> = {};
for (const ref of await allScenarios(OWN_FOLDER))
  titles[fingerprint(await readFile(ref.path))] = (await readScenario(ref)).title;
await writeFile(TITLES, `${JSON.stringify(titles, null, 1)}\n`);
