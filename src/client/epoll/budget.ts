/** Whether another request may begin: the load's time, and the number of its requests. */
export class Budget {
  readonly deadlineMs: number;
  #left: number;
  #over = false;

  /** `requests`: null for as many as there is time for. */
  constructor(requests: number | null, deadlineMs: number) {
    this.#left = requests ?? Number.POSITIVE_INFINITY;
    this.deadlineMs = deadlineMs;
  }

  /** true: one request may begin, and is counted. */
  take(nowMs: number): boolean {
    if (this.spent(nowMs)) return false;
    this.#left--;
    return true;
  }

  /** No further request may begin, now or later. */
  spent(nowMs: number): boolean {
    return this.#over || this.#left <= 0 || nowMs >= this.deadlineMs;
  }

  end(): void {
    this.#over = true;
  }
}
