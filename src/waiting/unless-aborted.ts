/**
 * What is interrupted is not waited for: closing the lab ends it.
 * @param graceMs what the work gets to come to an end by itself once the signal is aborted
 * @throws what the work throws; the signal's reason, once it is aborted and the grace is over
 */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>, graceMs = 0): Promise<T> {
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const giveUp = (): void => reject(signal.reason as Error);
    const abort = (): void => {
      if (graceMs === 0) giveUp();
      else grace = setTimeout(giveUp, graceMs);
    };
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => {
      clearTimeout(grace);
      signal.removeEventListener("abort", abort);
    });
  });
}
