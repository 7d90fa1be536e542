import { expect, it } from "vitest";
import { runClaim } from "./claim.js";
import { VERDICTS } from "./verdicts.js";

/** What the kernel does over IPv6 it does in code of its own (net/ipv6): ports, TIME_WAIT and who may bind what. */
const CLAIMS = [
  // With segments of our own.
  "rfc1337",
  "linger-zero",
  "same-port-bind",
  "active-closer",
  "client-runs-out",
  "fin-timeout",
  "four-tuple-blocked",
  "keep-alive-cures",
  "max-tw-buckets",
  "ports-in-total",
  "restart-fails",
  "syn-sent",
  "tw-reuse-client",
  "wider-range",
  "bind-before-connect",
  "connect-cliff",
  "fin-wait2-forever",
  "last-ack-syn",
  "listener-close",
  "lost-last-ack",
  "newer-syn-accepted",
  "orphans",
  "paws",
  "port-state",
  "simultaneous-close",
  "state-table",
  "syn-backlog",
  "syncookies",
  "tw-reuse-loopback",
  "tw-reuse-server",
  "unread-data",
];
/** The others with `npm run claims`. */
const ALWAYS = 2;
const isAll = process.env["CLAIMS"] === "all";

it.each(isAll ? CLAIMS : CLAIMS.slice(0, ALWAYS))(
  "%s comes to the same verdict over IPv6",
  { timeout: 60_000 },
  async (id) => {
    const { claim, result } = await runClaim(id, ["--set", "lab.family=ipv6"]);
    expect([claim.verdict, claim.reason]).toEqual([VERDICTS[id], expect.any(String)]);
    expect(result.scenario.variants[0]!.lab.family).toBe("ipv6");
  },
);
