import { takeConnect, takeOutcome } from "./dial.js";
import { takeClose, takeOptions, takeReceive, takeSend, takeShutdown } from "./exchange.js";
import { takeAccept, takeBind, takeListen } from "./opening.js";
import { Sockets } from "./sockets.js";
import type { Figures, ToProbe } from "./types.js";

/** Takes steps on the sockets of one host. It blocks this thread for as long as the kernel blocks it. */
export class Prober {
  readonly #sockets = new Sockets();

  /** @throws RefusedStep */
  take({ step, own }: ToProbe): Figures {
    switch (step.do) {
      case "listen":
        return takeListen(step, this.#sockets, own);
      case "accept":
        return takeAccept(step, this.#sockets);
      case "bind":
        return takeBind(step, this.#sockets, own);
      case "connect":
        return takeConnect(step, this.#sockets);
      case "outcome":
        return takeOutcome(step, this.#sockets);
      case "options":
        return takeOptions(step, this.#sockets);
      case "send":
        return takeSend(step, this.#sockets);
      case "receive":
        return takeReceive(step, this.#sockets, () => {});
      case "shutdown":
        return takeShutdown(step, this.#sockets);
      case "close":
        return takeClose(step, this.#sockets);
      case "segment":
      case "flood":
        throw new Error("not yet");
    }
  }
}
