/** A namespace whose process has ended is let go of after so long, however seldom it is looked at. */
const LET_GO_AFTER_MS = 1_000;

/** Until the next look is due, or Ctrl-C. */
export async function pause(leftMs: () => number, place: { letGo(): void }, interrupted: AbortSignal): Promise<void> {
  while (leftMs() > 0 && !interrupted.aborted) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, Math.min(leftMs(), LET_GO_AFTER_MS));
      interrupted.addEventListener("abort", done, { once: true });
      function done(): void {
        clearTimeout(timer);
        interrupted.removeEventListener("abort", done);
        resolve();
      }
    });
    place.letGo();
  }
}
