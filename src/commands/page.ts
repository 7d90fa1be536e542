import { resolve } from "node:path";
import type { PageInput } from "../page/render.js";
import { prepareOutput, writeWhole } from "../result/file.js";
import { inLanguage, type Language } from "../text/language.js";
import type { World } from "./world.js";

/** A report as a page. What draws it is loaded only here: no other command waits for it. */
export async function drawPage(input: PageInput, language: Language): Promise<string> {
  const { renderPage } = await import("../page/render.js");
  return inLanguage(language, () => renderPage(input));
}

/** Whether a file's name asks for a page. */
export function isPage(file: string | undefined): file is string {
  return file !== undefined && /\.html?$/iu.test(file);
}

/** The format that was asked for, by its name or by that of the file. */
export function formatOf<Format extends string>(format: Format, output: string | undefined): Format | "html" {
  return isPage(output) ? "html" : format;
}

/** A report to the file that was asked for, else to stdout. @throws BenchError `output-not-writable` */
export async function deliver(text: string, output: string | undefined, world: World): Promise<void> {
  if (output === undefined) {
    world.stdout.write(text);
    return;
  }
  const file = resolve(world.cwd, output);
  await prepareOutput(file);
  await writeWhole(file, text);
}
