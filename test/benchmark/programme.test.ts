import { expect, test } from "vitest";
import { aClient } from "./fixture.js";
import { EVERYTHING, programme, sameLoads } from "./programme.js";

const PEERS = [aClient("ab"), aClient("wrk")];
const titles = (wanted = EVERYTHING): string[] =>
  programme(PEERS, wanted).map(({ server, mode, threads, peer }) => [server, mode, threads, peer.name].join(" "));

test("what the goals need is measured first, and every peer on one thread against nginx", () => {
  expect(titles()).toEqual([
    "nginx close 1 wrk",
    "nginx keep-alive 1 wrk",
    "nginx close 2 wrk",
    "nginx keep-alive 2 wrk",
    "nginx close 1 ab",
    "nginx keep-alive 1 ab",
    "node close 1 wrk",
    "node keep-alive 1 wrk",
  ]);
});

test("a goal rests on every peer in close mode, and on wrk in keep-alive and with two threads", () => {
  const decisive = programme(PEERS, EVERYTHING).filter((planned) => planned.decisive);
  expect(decisive.map(({ server, mode, threads, peer }) => [server, mode, threads, peer.name].join(" "))).toEqual([
    "nginx close 1 wrk",
    "nginx keep-alive 1 wrk",
    "nginx close 2 wrk",
    "nginx close 1 ab",
  ]);
});

test("only what is wanted is measured", () => {
  expect(titles({ servers: ["nginx"], modes: ["close"], threads: [1] })).toEqual([
    "nginx close 1 wrk",
    "nginx close 1 ab",
  ]);
});

test("what has the same runs of ours is measured together", () => {
  const groups = sameLoads(programme(PEERS, EVERYTHING)).map((group) => group.map(({ peer }) => peer.name));
  expect(groups).toEqual([["wrk", "ab"], ["wrk", "ab"], ["wrk"], ["wrk"], ["wrk"], ["wrk"]]);
});
