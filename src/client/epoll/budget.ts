/** Whether another request may begin: the load's time, and the number of its requests. */
export class Budget {
  #deadlineMs: number;
  #left: number;

  /** `requests`: null for as many as there is time for. */
  constructor(requests: number | null, deadlineMs: number) {
    this.#left = requests ?? Number.POSITIVE_INFINITY;
    this.#deadlineMs = deadlineMs;
  }

  /** When the load's time is over. */
  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  /** All requests of the plan have begun. */
  get exhausted(): boolean {
    return this.#left <= 0;
  }

  /** No further request may begin, now or later. */
  spent(nowMs: number): boolean {
    return this.#left <= 0 || nowMs >= this.#deadlineMs;
  }

  /** true: one request may begin, and is counted. */
  take(nowMs: number): boolean {
    if (this.spent(nowMs)) return false;
    this.#left--;
    return true;
  }

  /** The load's time is over earlier than planned. */
  end(nowMs: number): void {
    this.#deadlineMs = Math.min(this.#deadlineMs, nowMs);
  }
}
