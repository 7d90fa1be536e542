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
  }
}
