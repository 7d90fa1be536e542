import { monotonicMs } from "../kernel/clock.js";
import { libc } from "../kernel/libc.js";
import { localAddress } from "./address.js";
import { mark } from "./answers.js";
import { takeConnect, takeOutcome } from "./dial.js";
import { takeClose, takeDisconnect, takeOptions, takeReceive, takeSend, takeShutdown } from "./exchange.js";
import { takeFlood } from "./flood.js";
import { takePeer } from "./ghost.js";
import { takeInfo } from "./info.js";
import { takeHear, takeSegment } from "./injection.js";
import { localPortOf, takeAccept, takeBind, takeListen } from "./opening.js";
import { RefusedStep, Sockets } from "./sockets.js";
import type { Figures, ToProbe } from "./types.js";
import { type Followed, Watch, type Watched } from "./watch.js";
import { Watches } from "./watches.js";

type StepOf<Do extends ToProbe["step"]["do"]> = Extract<ToProbe["step"], { do: Do }>;

/** Takes steps on the sockets of one host. It blocks this thread for as long as the kernel blocks it. */
export class Prober {
  readonly #sockets = new Sockets();
  readonly #watches = new Watches();

  /** @throws RefusedStep */
  take(asked: ToProbe): Figures {
    const figures = this.#take(asked);
    this.#watches.look();
    return figures;
  }

  #take({ step, own, silence }: ToProbe): Figures {
    const look = this.#watches.lookerAt(step.socket);
    switch (step.do) {
      case "listen":
        return this.#listen(step, own);
      case "accept":
        return this.#accept(step);
      case "bind":
        return takeBind(step, this.#sockets, own);
      case "connect":
        return this.#connect(step);
      case "outcome":
        return takeOutcome(step, this.#sockets);
      case "options":
        return takeOptions(step, this.#sockets, look);
      case "send":
        return takeSend(step, this.#sockets, look);
      case "receive":
        return takeReceive(step, this.#sockets, look);
      case "shutdown":
        return takeShutdown(step, this.#sockets, look);
      case "disconnect":
        return takeDisconnect(step, this.#sockets, look);
      case "info":
        return takeInfo(step, this.#sockets);
      case "close":
        return takeClose(step, this.#sockets, look);
      case "segment":
        return takeSegment(step, this.#followed(step.socket));
      case "hear":
        return takeHear(step, this.#followed(step.socket));
      case "peer": {
        if (silence === null) throw new RefusedStep("a peer needs an address at which nobody answers");
        const { figures, followed } = takePeer(step, silence);
        this.#watches.set(step.socket, followed, true);
        return figures;
      }
      case "flood":
        if (silence === null) throw new RefusedStep("a flood needs addresses at which nobody answers");
        return takeFlood(step, silence);
    }
  }

  #connect(step: StepOf<"connect">): Figures {
    // Asked first, so that a step that is refused leaves an earlier watch alone.
    this.#sockets.forNew(step.socket);
    const source = { address: step.to, port: step.port };
    const sight = { like: step.to, source, destination: { address: null, port: null } };
    const watch = step.watch ? Watch.open(sight, monotonicMs) : null;
    this.#watches.set(step.socket, watch instanceof Watch ? all(watch) : watch, true);
    const figures = takeConnect(step, this.#sockets, watch);
    if (watch instanceof Watch) {
      watch.narrow();
      watch.connections.forEach(settled);
    }
    return figures;
  }

  /** A watch follows whoever sends a SYN from now on. */
  #listen(step: StepOf<"listen">, own: string): Figures {
    const figures = takeListen(step, this.#sockets, own);
    const port = localPortOf(this.#sockets.of(step.socket));
    const sight = { like: localAddress(step.address, own), source: null, destination: { address: null, port } };
    const watch = step.watch && port !== null ? Watch.open(sight, monotonicMs, () => {}) : null;
    this.#watches.set(step.socket, watch instanceof Watch ? all(watch) : watch, true);
    return typeof watch === "number" ? { ...figures, errno: libc().nameOfErrno(watch), failedCall: "watch" } : figures;
  }

  #accept(step: StepOf<"accept">): Figures {
    const figures = takeAccept(step, this.#sockets);
    const door = this.#watches.get(step.of);
    if (typeof door !== "object") {
      this.#watches.set(step.socket, door ?? null, false);
      return figures;
    }
    const connections = this.#sockets.of(step.socket).flatMap(({ fd }) => door.watch.of(fd) ?? []);
    connections.forEach(settled);
    this.#watches.set(step.socket, { watch: door.watch, connections: () => connections, ghost: null }, false);
    return figures;
  }

  #followed(name: string): Followed | number {
    const followed = this.#watches.get(name);
    if (followed !== undefined) return followed;
    throw new RefusedStep("it needs a peer, or `watch: true` at the connect or listen before it");
  }
}

function all(watch: Watch): Followed {
  return { watch, connections: () => watch.connections, ghost: null };
}

/** How it was made is nothing that is to be heard. */
function settled(connection: Watched): void {
  connection.arrived.length = 0;
  mark(connection);
}
