import { expect, it } from "vitest";
import type { Verdict } from "../../src/scenario/claim/types.js";
import { usualTurns, runClaim } from "./claim.js";

/**
 * Claims about ports, costs and settings: what changes the outcome on this very kernel. As they stand they are in the run
 * of all claims.
 */

const A_MINUTE = { timeout: 60_000 };
const CLIENT_RANGE = "lab.sysctl.client.net.ipv4.ip_local_port_range";

interface Case {
  id: string;
  /** What changes the outcome, how, and what it comes to then. */
  flips: { by: string; set: string[]; verdict: Verdict }[];
}

const CASES: Case[] = [
  {
    id: "same-port-bind",
    flips: [
      {
        by: "SO_REUSEADDR on both sockets of every variant",
        set: ["phases.first.reuseAddress=true", "phases.bind.reuseAddress=true"],
        verdict: "refuted",
      },
      { by: "no SO_REUSEADDR on any new socket", set: ["phases.bind.reuseAddress=false"], verdict: "confirmed" },
    ],
  },
  {
    id: "restart-fails",
    flips: [
      { by: "no SO_REUSEADDR on the old socket", set: ["phases.door.reuseAddress=false"], verdict: "confirmed" },
      {
        by: "SO_REUSEADDR everywhere",
        set: ["phases.door.reuseAddress=true", "phases.again.reuseAddress=true"],
        verdict: "partly",
      },
      {
        by: "a reserved port, which no outgoing connection takes",
        set: ["lab.sysctl.server.net.ipv4.ip_local_reserved_ports=9000"],
        verdict: "not-testable-here",
      },
    ],
  },
  {
    id: "client-runs-out",
    flips: [
      { by: "a server that closes first", set: ["load.closer=server"], verdict: "refuted" },
      { by: "a load that needs fewer ports", set: ["load.requests=300"], verdict: "not-testable-here" },
    ],
  },
  {
    id: "ports-in-total",
    flips: [
      { by: "one destination only", set: ["phases.two.port=9001", "phases.three.port=9001"], verdict: "confirmed" },
    ],
  },
  {
    id: "wider-range",
    flips: [
      {
        by: "a range that is wider by ports that nobody gets",
        set: ["variants.wide.lab.sysctl.client.net.ipv4.ip_local_reserved_ports=40200-40799"],
        verdict: "refuted",
      },
      {
        by: "a range that is hardly wider",
        set: [`variants.wide.${CLIENT_RANGE}=40000 40219`],
        verdict: "not-testable-here",
      },
      {
        by: "a range wider than what is asked for",
        set: [`variants.wide.${CLIENT_RANGE}=40000 44999`],
        verdict: "not-testable-here",
      },
      { by: "another range", set: [`variants.wide.${CLIENT_RANGE}=40000 40499`], verdict: "partly" },
    ],
  },
  {
    id: "tw-reuse-client",
    flips: [
      { by: "2 where 1 should stand", set: ["phases.set-one.value=2"], verdict: "not-testable-here" },
      { by: "a pause that is too short", set: ["phases.pause.for=1ms"], verdict: "not-testable-here" },
      {
        by: "a client without timestamps",
        set: ["variants.timestamps.lab.sysctl.client.net.ipv4.tcp_timestamps=0"],
        verdict: "not-testable-here",
      },
    ],
  },
  {
    id: "tw-reuse-server",
    flips: [
      {
        by: "the server calling out instead",
        set: ["phases.again.on=server", "phases.again.to=client", "phases.again.port=9100", "phases.again.sockets=50"],
        verdict: "confirmed",
      },
    ],
  },
  {
    id: "tw-recycle",
    flips: [
      {
        by: "a setting that there is, and that does nothing here",
        set: ["phases.set.key=net.ipv4.tcp_tw_reuse"],
        verdict: "refuted",
      },
    ],
  },
  {
    id: "max-tw-buckets",
    flips: [
      { by: "a cap that is not reached", set: ["phases.cap.value=1000"], verdict: "not-testable-here" },
      {
        by: "a setting that there is not",
        set: ["phases.cap.key=net.ipv4.tcp_nonsense"],
        verdict: "not-testable-here",
      },
    ],
  },
  {
    id: "posted-sysctl-conf",
    flips: [
      {
        by: "a cap that is not reached",
        set: ["variants.all.lab.sysctl.server.net.ipv4.tcp_max_tw_buckets=1000"],
        verdict: "not-testable-here",
      },
    ],
  },
  {
    id: "server-runs-out",
    flips: [
      { by: "a server that never closes its descriptors", set: ["phases.end.do=shutdown"], verdict: "partly" },
      { by: "nobody listening for new connections", set: ["phases.new.port=9001"], verdict: "confirmed" },
    ],
  },
  {
    id: "memory-per-socket",
    flips: [
      { by: "a server that never closes its descriptors", set: ["phases.end.do=shutdown"], verdict: "confirmed" },
    ],
  },
  {
    id: "two-thousand-concurrent",
    flips: [
      {
        by: "a client that closes first and has few ports",
        set: ["phases.end.on=client", "phases.rest.on=server", `${CLIENT_RANGE}=40000 42499`],
        verdict: "confirmed",
      },
    ],
  },
];

const turns = CASES.flatMap(({ id, flips }) => flips.map((flip) => ({ id, ...flip })));

it.each(usualTurns(turns, ({ id }) => id))("claim $id is $verdict with $by", A_MINUTE, async ({ id, set, verdict }) => {
  const { claim } = await runClaim(
    id,
    set.flatMap((setting) => ["--set", setting]),
  );
  expect(claim).toMatchObject({ verdict });
});
