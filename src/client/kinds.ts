import type { ClientKind } from "../scenario/types.js";
import type { LoadClient, ThreadedClient } from "./types.js";

/** Loads the one library that is needed: the others would cost start-up time for nothing. */
export async function loadClient(kind: ClientKind): Promise<LoadClient | ThreadedClient> {
  switch (kind) {
    case "undici":
      return (await import("./undici/client.js")).undiciClient;
    case "autocannon":
      return (await import("./autocannon/client.js")).autocannonClient;
    case "epoll":
      return (await import("./epoll/client.js")).epollClient;
    case "go":
      return (await import("./go/client.js")).goClient;
    case "wrk":
    case "wrk2":
    case "ab":
    case "h2load":
    case "hey":
    case "oha":
    case "k6":
    case "vegeta":
    case "fortio":
    case "siege":
    case "command":
      return (await import("./program/client.js")).programClient;
  }
}
