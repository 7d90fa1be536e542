import { stringify } from "yaml";
import { describe, expect, test } from "vitest";
import {
  type Auditee,
  scenarioFor,
  scenarioName,
  SITUATIONS,
  situationOf,
  situationsOf,
} from "../../src/audit/situations.js";
import { parseScenario } from "../../src/scenario/parse.js";
import { OWN_CLIENTS, type Scenario, TOOL_NAMES } from "../../src/scenario/types.js";

const ASKED = { duration: "2s", connections: 20, rate: null };
const CLIENTS = [...TOOL_NAMES, ...OWN_CLIENTS];
const known = (client: string): Auditee => ({
  name: client,
  client,
  command: null,
  isOurs: OWN_CLIENTS.some((own) => own === client),
});

function scenariosOf(auditee: Auditee, asked: Parameters<typeof scenarioFor>[2] = ASKED): Scenario[] {
  return situationsOf(auditee).map((situation) =>
    parseScenario(stringify(scenarioFor(situation, auditee, asked)), {
      name: scenarioName(situation),
      file: "audit",
      folder: "/home/user",
    }),
  );
}

test.each(CLIENTS)("each situation is a scenario that %s can be put into", (client) => {
  const scenarios = scenariosOf(known(client));
  expect(scenarios.map(situationOf)).toEqual(SITUATIONS);
  for (const { variants } of scenarios) {
    expect(variants).toHaveLength(1);
    expect(variants[0]).toMatchObject({
      lab: { topology: "two-hosts" },
      load: { client, connections: 20, durationMs: 2000 },
    });
  }
});

test("ports are used up where the client closes first, of 200, and none is used again", () => {
  const [
    {
      variants: [variant],
    },
  ] = scenariosOf(known("epoll")).filter(({ name }) => name === "audit/ports-used-up") as [Scenario];
  expect(variant).toMatchObject({
    lab: { sysctl: { client: { "net.ipv4.ip_local_port_range": "40000 40199", "net.ipv4.tcp_tw_reuse": "0" } } },
    server: { kind: "misbehaving", leavesClosing: true, closesAfterMs: 0 },
    load: { connection: "close", closer: "client" },
  });
});

describe("a command line", () => {
  const command = { line: "wrk -c 5 -d 1s {url}", reads: "wrk" };
  const auditee: Auditee = { name: "wrk", client: "command", command, isOurs: false };

  test("meets no situation twice, and runs as it is", () => {
    const scenarios = scenariosOf(auditee);
    expect(scenarios.map(situationOf)).toEqual(SITUATIONS.filter((name) => name !== "close"));
    for (const { variants } of scenarios)
      expect(variants[0]!.load).toMatchObject({
        client: "command",
        program: { command: command.line, cwd: "/home/user", tool: null, reads: "wrk" },
      });
  });
});

test("a rate is put in for whoever can keep one", () => {
  for (const { variants } of scenariosOf(known("wrk2"), { ...ASKED, rate: 300 }))
    expect(variants[0]!.load.pace?.stages).toEqual([{ durationMs: 2000, fromPerSec: 300, toPerSec: 300 }]);
});
