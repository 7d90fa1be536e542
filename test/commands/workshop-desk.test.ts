import { expect, test } from "vitest";
import { type Board, deskOf } from "../../src/commands/workshop-desk.js";
import type { World } from "../../src/commands/world.js";

/** Gives lines as they come, to whoever asked first: what is asked for twice takes two. */
class Lines {
  readonly #asked: ((line: string) => void)[] = [];

  next(): Promise<string> {
    return new Promise((resolve) => this.#asked.push(resolve));
  }

  give(line: string): void {
    this.#asked.shift()?.(line);
  }
}

test("what is typed while a recording is played ends that: Enter alone is used up, all else is heard afterwards", async () => {
  const terminal = new Lines();
  const stdout = { columns: null, rows: null, color: false, write: () => true };
  const desk = deskOf("en", null, { stdout, readLine: () => terminal.next() } as unknown as World);
  const still = new AbortController().signal;
  for (const typed of ["", "s"]) {
    const hurried = desk.hurried(still);
    terminal.give(typed);
    await hurried;
  }
  expect(await desk.ask()).toBe("s");
  // It came to its end by itself: what is typed then was asked for.
  const over = new AbortController();
  const hurried = desk.hurried(over.signal);
  over.abort();
  const heard = desk.ask();
  terminal.give("");
  expect(await heard).toBe("");
  await hurried;
});

test("a line of the terminal or the page is heard once, whichever of them was typed on before", async () => {
  const [terminal, page] = [new Lines(), new Lines()];
  const stdout = { columns: null, rows: null, color: false, write: () => true };
  const world = { stdout, readLine: () => terminal.next() } as unknown as World;
  const desk = deskOf("en", { typed: () => page.next() } as Board, world);
  const typed = [
    [terminal, "1"],
    [terminal, "2"],
    [page, "3"],
    [page, "4"],
    [terminal, "5"],
    [page, "6"],
  ] as const;
  for (const [place, line] of typed) {
    const heard = desk.ask();
    place.give(line);
    expect(await heard).toBe(line);
  }
});
