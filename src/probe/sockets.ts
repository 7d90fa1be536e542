import { socketCalls } from "../kernel/socket.js";

/** A socket that a step has made. */
export interface Held {
  fd: number;
  /** O_NONBLOCK, as the scenario wants it. */
  nonBlocking: boolean;
  /** By a bind step; it waits for a connect or a listen. */
  onlyBound: boolean;
  /** When its connect began, while that has no outcome; else null. */
  pendingSinceMs: number | null;
  /** Read from the kernel, and not yet asked for. */
  unread: Buffer;
  /** The peer's FIN has been read. */
  ended: boolean;
}

/** The step names a socket that is not there, or one that is there already: one sentence, for the scenario's author. */
export class RefusedStep extends Error {
  override readonly name = "RefusedStep";
}

export function held(fd: number, nonBlocking: boolean): Held {
  return { fd, nonBlocking, onlyBound: false, pendingSinceMs: null, unread: Buffer.alloc(0), ended: false };
}

/** The sockets of a host by the names that steps have given them. */
export class Sockets {
  readonly #byName = new Map<string, Held[]>();

  /** Those that are left of the name. @throws RefusedStep when there never was one */
  of(name: string): Held[] {
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    const names = [...this.#byName.keys()].join(", ");
    throw new RefusedStep(
      `there is no socket "${name}" on this host${names === "" ? ", nor any other" : `: it has ${names}`}`,
    );
  }

  /** A name for new sockets. @throws RefusedStep when it has some that are not closed */
  fresh(name: string): Held[] {
    const made = this.forNew(name);
    if (made.length > 0) throw taken(name);
    return made;
  }

  /** A name for new sockets, or the one that a bind step has made for it. @throws RefusedStep */
  forNew(name: string): Held[] {
    const found = this.#byName.get(name);
    if (found?.some(({ onlyBound }) => !onlyBound) === true) throw taken(name);
    const sockets = found ?? [];
    this.#byName.set(name, sockets);
    return sockets;
  }
}

function taken(name: string): RefusedStep {
  return new RefusedStep(`there is a socket "${name}" on this host already: close it first, or use another name`);
}

/** Of a socket that is of no more use. */
export function drop(socket: Held): void {
  socketCalls().close(socket.fd);
}
