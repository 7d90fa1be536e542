import { describe, expect, test } from "vitest";
import { runClaim } from "./claim.js";

/**
 * Who holds TIME_WAIT, and why: each claim as it comes out here, and with the one setting that turns it round. What
 * is seen in its verdict alone, as it comes out, is seen in the run of all claims.
 */

const set = (...overrides: string[]): string[] => overrides.flatMap((override) => ["--set", override]);
const request = (version: string, header: string): string =>
  `"GET / ${version}\\r\\nHost: server\\r\\n${header}\\r\\n"`;

async function verdictOf(id: string, ...overrides: string[]): Promise<string> {
  const { claim } = await runClaim(id, set(...overrides));
  return claim.verdict;
}

describe("the side that closes first ends in TIME_WAIT", () => {
  test("whichever it is", async () => {
    const { claim, result } = await runClaim("active-closer");
    expect(claim.verdict).toBe("confirmed");
    expect(result.variants["client-first"]!.figures["client.time_wait"]).toBe(10);
    expect(result.variants["server-first"]!.figures["client.time_wait"]).toBe(0);
  });

  test("but not one that keeps none", async () => {
    const none = "lab.sysctl.client.net.ipv4.tcp_max_tw_buckets=0";
    expect(await verdictOf("active-closer", `variants.client-first.${none}`)).toBe("partly");
  });
});

describe("four numbers in TIME_WAIT are taken", () => {
  test("for the side that holds it alone", async () => {
    const { claim, result } = await runClaim("four-tuple-blocked");
    expect(claim.verdict).toBe("partly");
    expect(result.variants["client-holds"]!.figures["again.errno"]).toBe("EADDRNOTAVAIL");
  });

  test("and for nobody with tcp_tw_reuse", async () => {
    const of = (field: string): string => `variants.client-holds.${field}`;
    const reuse = [of("lab.sysctl.client.net.ipv4.tcp_tw_reuse=1"), of("phases.pause.for=2100ms")];
    expect(await verdictOf("four-tuple-blocked", ...reuse)).toBe("refuted");
  });
});

describe("a FIN that is sent again", () => {
  test("says nothing of a host without TIME_WAIT that does keep it", async () => {
    const some = "variants.none.lab.sysctl.server.net.ipv4.tcp_max_tw_buckets=100";
    expect(await verdictOf("lost-last-ack", some)).toBe("not-testable-here");
  });
});

describe("a SYN with a higher sequence number", () => {
  test("reopens a connection in TIME_WAIT", async () => {
    const { claim, result } = await runClaim("newer-syn-accepted");
    expect(claim.verdict).toBe("confirmed");
    expect(result.variants["syn"]!.figures).toMatchObject({
      "higher-but-older.answer": "ACK",
      "lower-but-newer.answer": "SYN-ACK",
    });
  });

  test("does not with an older timestamp", async () => {
    expect(await verdictOf("newer-syn-accepted", "phases.higher.timestamp=-100000")).toBe("refuted");
  });

  test("cannot be told from others where the connections have no timestamps", async () => {
    const none = "lab.sysctl.client.net.ipv4.tcp_timestamps=0";
    expect(await verdictOf("newer-syn-accepted", none)).toBe("not-testable-here");
  });

  test("is not alone where a lower one has a newer timestamp", async () => {
    expect(await verdictOf("newer-syn-accepted", "phases.lower.timestamp=100000")).toBe("partly");
  });
});

describe("HTTP without keep-alive", () => {
  test("is not closed by the server with the header of HTTP/1.0", async () => {
    const header = `variants.http10.phases.ask.text=${request("HTTP/1.0", "Connection: keep-alive\\r\\n")}`;
    expect(await verdictOf("http10-server-closes", header)).toBe("refuted");
  });
});

describe("the default of HTTP/1.1", () => {
  test("is to close with a server that closes what is idle at once", async () => {
    const impatient = ["server.kind=misbehaving", "server.idleTimeout=50ms"];
    expect(await verdictOf("http11-default-close", ...impatient)).toBe("confirmed");
  });
});

describe("keep-alive connections", () => {
  test("are left to the client by a server that has no idle timeout", async () => {
    const patient = `node -e "require('http').createServer((q, r) => r.end('Hello')).listen({port}, '{host}').keepAliveTimeout = 0"`;
    const overrides = [`variants.idle-timeout.server.command=${patient}`, "phases.idle.within=2s"];
    expect(await verdictOf("only-client-closes", ...overrides)).toBe("confirmed");
  });
});

describe("timestamps", () => {
  test("that are off make half of a claim wrong: that they are on by default, and that reuse needs them", async () => {
    expect(await verdictOf("timestamps-default", "lab.sysctl.client.net.ipv4.tcp_timestamps=0")).toBe("partly");
  });
});

describe("the table of netstat and awk", () => {
  test("has every state as often as it was made", async () => {
    const { claim, result } = await runClaim("state-table");
    const { figures } = result.variants["all"]!;
    expect(figures["ss.counted"]).toBe(101);
    // An optional program: without it the claim cannot be tested.
    expect(claim.verdict).toBe(figures["netstat.lines"] === 0 ? "not-testable-here" : "confirmed");
  });

  test("lacks those that listen without -a", async () => {
    const { claim, result } = await runClaim(
      "state-table",
      set("phases.netstat.command=netstat -tn | awk '/^tcp/ {print $NF}'"),
    );
    const lines = result.variants["all"]!.figures["netstat.lines"];
    expect(claim.verdict).toBe(lines === 0 ? "not-testable-here" : "refuted");
  });
});

describe("what misses a step of closing", () => {
  test("goes with keepalive, even where a program holds it", async () => {
    const keepAlive = ["phases.door-a.keepAlive=true", "phases.door-b.keepAlive=true"];
    expect(await verdictOf("half-dead", ...keepAlive)).toBe("refuted");
  });
});
