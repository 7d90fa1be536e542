import { Socket } from "node:net";

/** A server that was asked to close and does not: after so long we do it ourselves. */
const LONGEST_WAIT_MS = 1000;

/**
 * A socket that can leave the first FIN to the server. An HTTP library destroys its socket as soon as the last response
 * has ended; close(2) sends a FIN at once, and whose FIN is first then depends on the scheduler. The side that sends it
 * holds TIME_WAIT (RFC 9293 section 3.6), so it must not depend on that.
 */
export class PatientSocket extends Socket {
  /** While it is true, destroy() waits until the server's FIN has come, an error has, or a second has passed. */
  patient = false;
  /** Called with what a listener throws; true: it was no fault of ours, and the connection is of no further use. */
  onThrown: (error: unknown) => boolean = () => false;
  #giveUp: NodeJS.Timeout | null = null;

  /** destroy() has been called, and the socket waits for the server. */
  get waiting(): boolean {
    return this.#giveUp !== null;
  }

  /** A library that listens to this socket may throw, as by an assertion: that must end its connection, not the load. */
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    try {
      return super.emit(event, ...values);
    } catch (error) {
      if (!this.onThrown(error)) throw error;
      this.patient = false;
      this.destroy(error as Error);
      return true;
    }
  }

  override destroy(error?: Error): this {
    const settled = this.destroyed || this.connecting || this.readableEnded || isSystemError(error);
    const mustWait = this.patient && !settled;
    if (!mustWait) return this.#close(error);
    if (this.#giveUp === null) {
      this.#giveUp = setTimeout(() => this.#close(error), LONGEST_WAIT_MS);
      this.once("end", () => this.#close(error));
      // Whatever still comes has no reader any more, and 'end' comes only after the last byte was read.
      this.on("readable", () => {
        while (this.read() !== null);
      });
    }
    return this;
  }

  #close(error?: Error): this {
    if (this.#giveUp !== null) clearTimeout(this.#giveUp);
    this.#giveUp = null;
    return super.destroy(error);
  }
}

/** libuv's own errors name their system call; those of libraries do not. */
function isSystemError(error: Error | undefined): boolean {
  return error !== undefined && "syscall" in error;
}
