import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import type { Size, Terminal, TerminalHandles, TerminalListener } from "./types.js";

/** A stop that the kernel refuses, as it does where nobody could ever continue us, has shown itself after so long. */
const NOT_STOPPED_AFTER_MS = 50;
const FULL_AGAIN_MS = 5;

/** The terminal of the process, by what cli.ts hands over. */
export class ProcessTerminal implements Terminal {
  readonly #handles: TerminalHandles;
  /** The same terminal, opened once more, so that a write never waits: frames are dropped rather than the run held up. */
  readonly #quickFd: number;

  constructor(handles: TerminalHandles) {
    this.#handles = handles;
    this.#quickFd = openAgain(handles.fd);
  }

  get size(): Size {
    const [columns, rows] = this.#handles.stream.getWindowSize();
    return { columns, rows };
  }

  get isOurs(): boolean {
    return isInForeground();
  }

  offer(bytes: Uint8Array): number {
    try {
      return writeSync(this.#quickFd, bytes);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EAGAIN" ? 0 : bytes.length;
    }
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      try {
        at += writeSync(this.#handles.fd, bytes, at);
      } catch (error) {
        // A terminal that was closed has nothing to be given back.
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_AGAIN_MS);
      }
    }
  }

  listen({ resized, left, returned }: TerminalListener): () => void {
    const { stream, owner } = this.#handles;
    let timer: NodeJS.Timeout | undefined;
    const stopped = (): void => {
      left();
      // By the signal's own action: the shell sees what it expects, and the kernel refuses where there is no shell.
      owner.off("SIGTSTP", stopped);
      owner.kill(owner.pid, "SIGTSTP");
      timer = setTimeout(continued, NOT_STOPPED_AFTER_MS).unref();
    };
    const continued = (): void => {
      clearTimeout(timer);
      owner.off("SIGTSTP", stopped);
      owner.on("SIGTSTP", stopped);
      returned();
    };
    const quit = (): void => {
      left();
      owner.off("SIGQUIT", quit);
      owner.kill(owner.pid, "SIGQUIT");
    };
    stream.on("resize", resized);
    owner.on("SIGQUIT", quit);
    owner.on("SIGTSTP", stopped);
    owner.on("SIGCONT", continued);
    // Before Node prints what was thrown, which would be lost with the alternate screen.
    owner.on("uncaughtExceptionMonitor", left);
    owner.on("exit", left);
    return () => {
      clearTimeout(timer);
      stream.off("resize", resized);
      owner.off("SIGQUIT", quit);
      owner.off("SIGTSTP", stopped);
      owner.off("SIGCONT", continued);
      owner.off("uncaughtExceptionMonitor", left);
      owner.off("exit", left);
      if (this.#quickFd !== this.#handles.fd) closeSync(this.#quickFd);
    };
  }
}

/** The descriptor itself where it cannot be: another user's terminal after `su`, or no /proc. */
function openAgain(fd: number): number {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return fd;
  }
}

/** Whether this process is the one that its terminal serves: a shell has not sent it to the background. */
export function isInForeground(): boolean {
  try {
    return isForeground(readFileSync("/proc/self/stat", "latin1"));
  } catch {
    return true;
  }
}

/**
 * Whether a process is in the foreground of its terminal, by its `/proc/PID/stat`: its process group is the one that the
 * terminal serves (fields pgrp and tpgid of proc_pid_stat(5)). true where there is no terminal that controls it, or nothing
 * to read: then there is no shell that could have sent it there.
 */
export function isForeground(stat: string): boolean {
  const [, , group, , , served] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return served === undefined || Number(served) <= 0 || group === served;
}
