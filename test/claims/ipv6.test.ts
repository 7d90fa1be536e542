import { expect, it } from "vitest";
import { runClaim } from "./claim.js";
import { VERDICTS } from "./verdicts.js";

/** What the kernel does over IPv6 it does in code of its own (net/ipv6): ports, TIME_WAIT and who may bind what. */
const CLAIMS = ["linger-zero", "same-port-bind"];

it.each(CLAIMS)("%s comes to the same verdict over IPv6", { timeout: 60_000 }, async (id) => {
  const { claim, result } = await runClaim(id, ["--set", "lab.family=ipv6"]);
  expect([claim.verdict, claim.reason]).toEqual([VERDICTS[id], expect.any(String)]);
  expect(result.scenario.variants[0]!.lab.family).toBe("ipv6");
});
