import { describe, expect, test } from "vitest";
import { compare } from "./compare.js";
import { aClient, aRun } from "./fixture.js";
import type { Planned } from "./programme.js";

const PLANNED = { server: "nginx", mode: "close", threads: 1, peer: aClient("wrk"), decisive: true } as const;

/** Compares with rates that come one after the other, as they are measured. */
function comparing(rates: readonly (number | Error)[], pairs: number, stopAfter = Number.POSITIVE_INFINITY) {
  const measured: string[] = [];
  return compare([PLANNED], {
    ours: aClient("epoll"),
    pairs: () => pairs,
    stopped: () => measured.length >= stopAfter,
    onPair: () => {},
    measure({ name }) {
      const rate = rates[measured.push(name) - 1]!;
      return rate instanceof Error ? Promise.reject(rate) : Promise.resolve(aRun({ connectionsPerSec: rate }));
    },
  }).then(([comparison]) => ({ ...comparison!, measured }));
}

describe("a comparison", () => {
  test("measures ours and the peer in turn, and has a ratio for each pair", async () => {
    const { measured, ratios, pairs, failure } = await comparing([110, 100, 90, 100], 2);
    expect(measured).toEqual(["epoll", "wrk", "epoll", "wrk"]);
    expect(ratios).toEqual([1.1, 0.9]);
    expect(pairs).toHaveLength(2);
    expect(failure).toBeNull();
  });

  test("ends early against a peer that is far behind", async () => {
    expect((await comparing([200, 100, 200, 100], 5)).ratios).toEqual([2, 2]);
  });

  test("keeps the pairs that it has when a client fails, and says why there are no more", async () => {
    const { ratios, failure } = await comparing([110, 100, 110, new Error("wrk ended")], 5);
    expect(ratios).toEqual([1.1]);
    expect(failure).toBe("wrk ended");
  });

  test("has no ratio to a peer that did nothing", async () => {
    const { ratios, failure } = await comparing([110, 0], 5);
    expect(ratios).toEqual([]);
    expect(failure).toMatch(/wrk made no load/u);
  });

  test("begins no pair once it was told to stop", async () => {
    expect((await comparing([110, 100, 110, 100], 5, 2)).ratios).toEqual([1.1]);
  });

  test("with several peers holds each run of ours against the next three", async () => {
    const measured: string[] = [];
    const peers = ["wrk", "ab", "h2load", "oha"];
    const comparisons = await compare(
      peers.map((name): Planned => Object.assign({}, PLANNED, { peer: aClient(name) })),
      {
        ours: aClient("epoll"),
        pairs: ({ peer }) => (peer.name === "wrk" ? 2 : 1),
        stopped: () => false,
        onPair: () => {},
        measure({ name }) {
          const nth = measured.push(name);
          if (name === "ab") return Promise.reject(new Error("ab ended"));
          return Promise.resolve(aRun({ connectionsPerSec: name === "epoll" ? nth : 1 }));
        },
      },
    );
    expect(measured).toEqual(["epoll", "wrk", "ab", "h2load", "epoll", "oha", "epoll", "wrk"]);
    expect(comparisons.map(({ peer, ratios, failure }) => [peer, ratios, failure])).toEqual([
      ["wrk", [1, 7], null],
      ["ab", [], "ab ended"],
      ["h2load", [1], null],
      ["oha", [5], null],
    ]);
  });
});
