/** What a program wrote: bounded, its beginning and its end. */

/** Summaries are at the end, and a JSON of one begins wherever it does: enough of both is read. */
const MOST_CHARS = 4_000_000;
/** Of it the result keeps this much. */
export const KEPT_CHARS = 4_000;

export class Written {
  #text = "";
  #cut = false;

  add(chunk: string): void {
    this.#text += chunk;
    if (this.#text.length <= MOST_CHARS) return;
    this.#text = this.#text.slice(-MOST_CHARS / 2);
    this.#cut = true;
  }

  get text(): string {
    return this.#text;
  }

  get cut(): boolean {
    return this.#cut;
  }
}

/** The end of both, stderr last: that is where a program says why it ended. */
export function kept(stdout: Written, stderr: Written): { output: string; cut: boolean } {
  const all = [stdout.text, stderr.text].filter((text) => text.trim() !== "").join("\n");
  const output = all.slice(-KEPT_CHARS).trimEnd();
  return { output, cut: stdout.cut || stderr.cut || all.length > KEPT_CHARS };
}
