import { countsOf } from "./counts.js";
import type { EndSeen, LinkSeen } from "./gather.js";
import { inProportion } from "./proportion.js";
import type { Plan } from "./types.js";

interface Hidden extends LinkSeen {
  opened: number;
  created: { from: number; to: number };
  refused: { from: number; to: number };
  exact: boolean;
}

/**
 * A listener sees the clients behind one address (NAT) as one peer. What is in TIME_WAIT at its end is shared out among those
 * clients, by the connections of each that ended and left nothing at its own end; no table tells whose it was.
 * @returns the links without those of the address itself, where it is known who is behind it
 */
export function withoutAddressOfNat<Account extends Hidden>(accounts: readonly Account[], plan: Plan): Account[] {
  const own = accounts[0]!;
  return accounts.filter((joint) => {
    const names = plan.behind[joint.from] ?? [];
    const of = accounts.filter(({ from, to, port }) => names.includes(from) && to === joint.to && port === joint.port);
    const others = of.filter((account) => account !== own);
    const { to: seen } = joint.ends;
    if (of.length === 0 || seen === null) return true;
    if (of.includes(own)) own.opened = plan.own.opened;
    shareOutOpened(others, acceptedOfOthers(joint, of, accounts, plan));
    // Where no table shows any, each of them has been given a part of what the kernel counted.
    const total = [joint, ...of].reduce((sum, { created }) => sum + created.to, 0);
    const give = (account: Account, created: number): void => {
      account.created.to = created;
      account.ends.to = partOf(seen, created, total);
      account.exact = false;
    };
    // The load's client knows which of its connections were reset: the others have what is left.
    const mine = of.includes(own) ? Math.min(total, leftNothing(own, plan.own.reset)) : 0;
    if (of.includes(own)) give(own, mine);
    if (others.length === 0) give(joint, total - mine);
    const ended = others.map((account) => leftNothing(account, 0));
    const weights = ended.some((count) => count > 0) ? ended : others.map(({ opened }) => opened);
    for (const [at, other] of others.entries()) give(other, inProportion(total - mine, weights)[at]!);
    return others.length === 0 && total > mine;
  });
}

/** What the listener accepted less the load's own; null where it accepts from others too, or its counters are not ours. */
function acceptedOfOthers(
  joint: Hidden,
  of: readonly Hidden[],
  accounts: readonly Hidden[],
  plan: Plan,
): number | null {
  const host = joint.ends.to!.host;
  const accepted = host.alone ? countsOf(host)?.["Tcp:PassiveOpens"] : undefined;
  const strangers = accounts.filter((one) => one.ends.to?.host === host && one !== joint && !of.includes(one));
  if (accepted === undefined || strangers.length > 0) return null;
  return Math.max(0, accepted - (of.includes(accounts[0]!) ? plan.own.opened : 0));
}

/** A connect() that was given up is in `ActiveOpens` as well: see reckon.ts. */
function shareOutOpened(others: readonly Hidden[], accepted: number | null): void {
  const counts = others.map(({ opened }) => opened);
  if (accepted === null || counts.reduce((sum, count) => sum + count, 0) <= accepted) return;
  for (const [at, opened] of inProportion(accepted, counts).entries()) others[at]!.opened = opened;
}

/** Connections that ended without TIME_WAIT at their own end. */
function leftNothing({ opened, created, refused, ends }: Hidden, reset: number): number {
  const stillOpen = (ends.from?.open.after ?? 0) - (ends.from?.open.before ?? 0);
  return Math.max(0, opened - stillOpen - created.from - refused.from - reset);
}

/** The readings of all of them, in proportion. */
function partOf(seen: EndSeen, created: number, of: number): EndSeen {
  const part = (count: number): number => (of === 0 ? 0 : Math.round((count * created) / of));
  const { peak, end } = seen.timeWait;
  return { ...seen, timeWait: { created, peak: part(peak), end: part(end) } };
}
