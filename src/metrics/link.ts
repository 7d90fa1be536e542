import type { Leaf } from "./types.js";
import { count, group, orNull, PER_REQUEST, perRequest, shareLeaf, timeWaitFields } from "./vocabulary.js";

const LINK = "{from} → {to}";
const LINK_CREATED = { ...PER_REQUEST, perRequest: true } as const;

/** The figures of a link: what one host had to do with another, and both ends of it. */
export function linkFields() {
  const closed = (who: string, means: string): Leaf => shareLeaf([LINK, `closed first, ${who}`, means]);
  return {
    port: count([LINK, "port", "of the listener: a name, not a count"]),
    opened: count([LINK, "opened", "connections that were made"]),
    perRequest: orNull(
      perRequest([LINK, "per request", "opened, for each request that the load sent"], {
        ...PER_REQUEST,
        says: "{from} opens {} connections per request to {to}",
      }),
      "connections for each request",
      "no request was sent",
    ),
    timeWait: group({
      from: group(
        timeWaitFields(`${LINK}, TIME_WAIT at {from}`, {
          ...LINK_CREATED,
          says: "{from} keeps {} TIME_WAIT per request towards {to}",
        }),
      ),
      to: orNull(
        group(
          timeWaitFields(`${LINK}, TIME_WAIT at {to}`, {
            ...LINK_CREATED,
            says: "{to} keeps {} TIME_WAIT per request of {from}",
          }),
        ),
        "at the end that accepted",
        "it is no host of the lab",
      ),
    }),
    closedFirst: orNull(
      group({
        from: closed("from", "connections that {from} closed first"),
        to: closed("to", "connections that {to} closed first"),
        reset: closed("reset", "connections that ended in a reset"),
      }),
      "the shares of the connections that ended",
      "no connection ended",
    ),
    ports: group({
      used: count([LINK, "local ports used", "at once, at most, between one pair of addresses"]),
      limit: orNull(
        count([LINK, "local ports", "that the range has, without reserved ones"]),
        "the range of local ports",
        "it was not read",
      ),
    }),
    exact: { kind: "flag", means: "every figure was counted; no: some were shared out by what tables of states tell" },
  } as const;
}
