import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UnreadableError } from "../../src/sampler/parse-counters.js";
import { parseInUse6, readPopulation } from "../../src/sampler/population.js";
import { temporaryFolder } from "../support/temporary.js";

const SOCKSTAT = "sockets: used 17\nTCP: inuse 3 orphan 0 tw 23 alloc 10 mem 0\nUDP: inuse 0 mem 0\n";
const SNMP = "Tcp: ActiveOpens CurrEstab\nTcp: 9 2\n";

/** A folder with a slash at its end, as /proc/self/net/ has one. */
function net(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return `${folder}/`;
}

describe("the population", () => {
  test("is read from three files", () => {
    const folder = net({ sockstat: SOCKSTAT, snmp: SNMP, sockstat6: "TCP6: inuse 4\nUDP6: inuse 0\n" });
    expect(readPopulation(folder)).toEqual({
      timeWait: 23,
      established: 2,
      inUse: { ipv4: 3, ipv6: 4 },
      costUs: expect.any(Number),
    });
  });

  test("is there without IPv6", () => {
    expect(readPopulation(net({ sockstat: SOCKSTAT, snmp: SNMP })).inUse).toEqual({ ipv4: 3, ipv6: 0 });
  });

  test("is not made up where a file is damaged", () => {
    expect(() => readPopulation(net({ sockstat: SOCKSTAT, snmp: "Tcp: ActiveOpens\nTcp: 9\n" }))).toThrow(
      UnreadableError,
    );
    expect(() => parseInUse6("UDP6: inuse 0\n")).toThrow(UnreadableError);
    expect(() => parseInUse6("TCP6: inuse -1\n")).toThrow(UnreadableError);
  });

  test.runIf(process.platform === "linux")("is read of this kernel", () => {
    const { timeWait, inUse } = readPopulation();
    expect(timeWait).toBeGreaterThanOrEqual(0);
    expect(inUse.ipv4).toBeGreaterThanOrEqual(0);
  });
});
