import type { Host } from "../lab/types.js";
import type { LoadPlan } from "../scenario/types.js";

/** A client that goes through addresses is told those of the hosts that its load goes from and to. */
export function withAddresses(plan: LoadPlan, from: Host, to: Host): LoadPlan {
  if (plan.sockets === undefined) return plan;
  const several = ({ addresses }: Host): string[] => (addresses.length > 1 ? [...addresses] : []);
  return { ...plan, sockets: { ...plan.sockets, sourceAddresses: several(from), destinationAddresses: several(to) } };
}
