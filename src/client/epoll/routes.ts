import { BenchError } from "../../errors.js";
import { AF_INET, type SocketAddress, socketAddress } from "../../kernel/socket-address.js";
import type { SocketPlan } from "../../scenario/types.js";
import type { LoadTarget } from "../types.js";

/** From where to where a connection goes. */
export interface Route {
  /** Its port is 0; when the plan names none, the address that stands for all of this host. */
  source: SocketAddress;
  destination: SocketAddress;
}

/** Every pair of a source and a destination. @throws BenchError `bad-scenario` for what is no address */
export function routesOf(plan: SocketPlan, target: LoadTarget): Route[] {
  const hosts = plan.destinationAddresses.length > 0 ? plan.destinationAddresses : [target.host];
  const destinations = hosts.map((host) => addressOf(host, target.port));
  const routes = destinations.flatMap((destination) => {
    const anywhere = destination.family === AF_INET ? "0.0.0.0" : "::";
    const sources = plan.sourceAddresses.length > 0 ? plan.sourceAddresses : [anywhere];
    return sources.map((source) => ({ source: addressOf(source, 0), destination }));
  });
  for (const { source, destination } of routes) {
    if (source.family === destination.family) continue;
    throw new BenchError(
      "bad-scenario",
      "an IPv4 address cannot be the source of a connection to an IPv6 address, nor the other way round",
      "Give source and destination addresses of one family.",
    );
  }
  return routes;
}

function addressOf(host: string, port: number): SocketAddress {
  const address = socketAddress(host, port);
  if (address !== null) return address;
  throw new BenchError(
    "bad-scenario",
    `${JSON.stringify(host)} is neither an IPv4 nor an IPv6 address`,
    "The client epoll looks no names up: write the address itself.",
  );
}
