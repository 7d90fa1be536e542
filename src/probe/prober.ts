import { takeConnect, takeOutcome } from "./dial.js";
import { takeClose, takeDisconnect, takeOptions, takeReceive, takeSend, takeShutdown } from "./exchange.js";
import { takeInfo } from "./info.js";
import { takeFlood, takeSegment } from "./injection.js";
import { takeAccept, takeBind, takeListen } from "./opening.js";
import { RefusedStep, Sockets } from "./sockets.js";
import type { Figures, ToProbe } from "./types.js";
import { Watch } from "./watch.js";

/** Takes steps on the sockets of one host. It blocks this thread for as long as the kernel blocks it. */
export class Prober {
  readonly #sockets = new Sockets();
  /** By the name of what they watch, which they outlive; the errno where it could not be opened. */
  readonly #watches = new Map<string, Watch | number>();

  /** @throws RefusedStep */
  take(asked: ToProbe): Figures {
    const figures = this.#take(asked);
    // What is left in a watch's buffer takes the room of what comes next.
    for (const watch of this.#watches.values()) if (watch instanceof Watch) watch.look();
    return figures;
  }

  #take({ step, own, silence }: ToProbe): Figures {
    switch (step.do) {
      case "listen":
        return takeListen(step, this.#sockets, own);
      case "accept":
        return takeAccept(step, this.#sockets);
      case "bind":
        return takeBind(step, this.#sockets, own);
      case "connect": {
        // Asked first, so that a step that is refused leaves an earlier watch alone.
        this.#sockets.forNew(step.socket);
        const watch = this.#watch(step.socket, step.watch ? { address: step.to, port: step.port } : null);
        const figures = takeConnect(step, this.#sockets, watch);
        if (watch instanceof Watch) watch.narrow();
        return figures;
      }
      case "outcome":
        return takeOutcome(step, this.#sockets);
      case "options":
        return takeOptions(step, this.#sockets, this.#look(step.socket));
      case "send":
        return takeSend(step, this.#sockets, this.#look(step.socket));
      case "receive":
        return takeReceive(step, this.#sockets, this.#look(step.socket));
      case "shutdown":
        return takeShutdown(step, this.#sockets, this.#look(step.socket));
      case "disconnect":
        return takeDisconnect(step, this.#sockets, this.#look(step.socket));
      case "info":
        return takeInfo(step, this.#sockets);
      case "close":
        return takeClose(step, this.#sockets, this.#look(step.socket));
      case "segment": {
        const watch = this.#watches.get(step.socket);
        if (watch === undefined) throw new RefusedStep("a segment needs a connect with `watch: true` before it");
        return takeSegment(step, watch);
      }
      case "flood":
        if (silence === null) throw new RefusedStep("a flood needs addresses at which nobody answers");
        return takeFlood(step, silence);
    }
  }

  #look(name: string): () => void {
    const watch = this.#watches.get(name);
    return watch instanceof Watch ? () => void watch.look() : () => {};
  }

  /** In place of what the name had before. */
  #watch(name: string, peer: { address: string; port: number } | null): Watch | number | null {
    const before = this.#watches.get(name);
    if (before instanceof Watch) before.close();
    this.#watches.delete(name);
    if (peer === null) return null;
    const watch = Watch.open(peer.address, peer.port);
    this.#watches.set(name, watch);
    return watch;
  }
}
