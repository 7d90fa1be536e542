import type { LoadTarget } from "../client/types.js";
import type { Lab } from "../lab/types.js";
import { loadsOf } from "../scenario/loads.js";
import type { LoadPlan, Variant } from "../scenario/types.js";
import { makeIdentity } from "../server/certificate.js";
import type { Identity } from "../server/types.js";

/** By this name and address a server without a lab is called. */
const THIS_MACHINE = ["localhost", "127.0.0.1"];

/** A new one for each trial, for all hosts of the lab by name and address; null where no load speaks TLS. */
export function identityFor(variant: Variant, lab: Lab): Identity | null {
  if (!loadsOf(variant).some(({ tls }) => tls !== undefined)) return null;
  const hosts = [...lab.all].flatMap(([name, { address }]) => [name, address]);
  return makeIdentity([...new Set([...THIS_MACHINE, ...hosts])]);
}

/** Where a load goes, with what its client has to know of TLS. */
export function targetOf({ tls }: LoadPlan, target: LoadTarget, identity: Identity | null): LoadTarget {
  if (tls === undefined) return target;
  return { ...target, tls: { ca: tls === "verify" ? (identity?.certificate ?? null) : null } };
}
