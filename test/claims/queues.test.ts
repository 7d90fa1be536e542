import { expect, test } from "vitest";
import { usualTurns, runClaim } from "./claim.js";

const SERVER_COOKIES = "lab.sysctl.server.net.ipv4.tcp_syncookies";

/** What a claim comes to once the setting that decides is another: as it stands it is in the run of all claims. */
const CASES: { id: string; verdict: string; set: string[] }[] = [
  { id: "syncookies", verdict: "confirmed", set: ["lab.sysctl.client.net.ipv4.tcp_syncookies=0"] },
  { id: "syncookies", verdict: "not-testable-here", set: [`${SERVER_COOKIES}=0`] },
  // A client that nobody keeps out.
  { id: "syncookies", verdict: "not-testable-here", set: ["phases.flood.port=9001"] },
  { id: "syn-backlog", verdict: "not-testable-here", set: [`${SERVER_COOKIES}=1`] },
  { id: "syn-backlog", verdict: "not-testable-here", set: ["phases.wide-flood.sockets=100"] },
  { id: "linger-zero", verdict: "refuted", set: ["variants.linger-zero.phases.option.linger=1s"] },
  // All that was sent has arrived before the socket is closed.
  { id: "linger-zero", verdict: "not-testable-here", set: ["phases.send.bytes=1000"] },
  {
    id: "linger-seconds",
    verdict: "refuted",
    set: ["phases.call-blocking.linger=null", "phases.call-non-blocking.linger=null"],
  },
  // Somebody answers at the address that is to be silent.
  { id: "syn-sent", verdict: "not-testable-here", set: ["phases.silent.to=server"] },
  // Without TIME_WAIT there is nothing to judge.
  {
    id: "conntrack-timeout",
    verdict: "not-testable-here",
    set: ["lab.sysctl.client.net.ipv4.tcp_max_tw_buckets=0", "phases.gone.within=3s"],
  },
  { id: "go-hello-world", verdict: "refuted", set: ["load.closer=client"] },
  { id: "keep-alive-cures", verdict: "refuted", set: ["variants.keep-alive.load.requestsPerConnection=1"] },
  { id: "rfc1337", verdict: "confirmed", set: ["variants.rfc1337-0.lab.sysctl.server.net.ipv4.tcp_rfc1337=1"] },
  { id: "paws", verdict: "confirmed", set: ["phases.old.timestamp=1"] },
  { id: "port-state", verdict: "confirmed", set: ["variants.named.phases.first.from=null"] },
  {
    id: "bind-before-connect",
    verdict: "confirmed",
    set: ["variants.bind.phases.one.bindAddressNoPort=true", "variants.bind.phases.two.bindAddressNoPort=true"],
  },
  // What a claim rests on is measured as well: FINs that cross, a NAT without ports, a listener that is closed.
  { id: "simultaneous-close", verdict: "not-testable-here", set: ["phases.crossed.acknowledgement=0"] },
  { id: "nat-without-ports", verdict: "not-testable-here", set: ["lab.natPorts=40000-40011"] },
  { id: "listener-close", verdict: "not-testable-here", set: ["phases.close={ do: wait, for: 1ms }"] },
  // Half of what is said of tcp_rfc1337 is not all of it.
  { id: "rfc1337", verdict: "partly", set: ["phases.answer-rst={ do: wait, for: 1ms }"] },
  { id: "paws", verdict: "not-testable-here", set: ["variants.none.phases.peer.timestamps=true"] },
  // With more ports than connections there is nothing to run out of.
  { id: "nat-balancer-limit", verdict: "not-testable-here", set: ["lab.natPorts=40000-40079"] },
];

for (const { id, verdict, set } of usualTurns(CASES, ({ id: claim }) => claim)) {
  test(`${id} is ${verdict} with ${set.join(", ")}`, { timeout: 60_000 }, async () => {
    const { claim } = await runClaim(
      id,
      set.flatMap((setting) => ["--set", setting]),
    );
    expect(claim).toMatchObject({ id, verdict });
  });
}
