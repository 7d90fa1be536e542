import { expect, test } from "vitest";
import { parseOptions } from "./options.js";
import { EVERYTHING } from "./programme.js";

test("without options everything is measured, with epoll as ours", () => {
  expect(parseOptions([])).toMatchObject({ ours: "epoll", only: null, wanted: EVERYTHING, sampling: true, views: 20 });
});

test("each option narrows it down", () => {
  const text =
    "--pairs 3 --seconds 1 --only wrk,ab --mode close --server node --threads 2 --ours undici --no-sampling --views 0";
  expect(parseOptions(text.split(" "))).toEqual({
    pairs: 3,
    seconds: 1,
    connections: 50,
    ours: "undici",
    only: ["wrk", "ab"],
    wanted: { servers: ["node"], modes: ["close"], threads: [2] },
    sampling: false,
    views: 0,
    onlyCosts: false,
  });
});

test.each([
  ["--pairs", "0"],
  ["--seconds", "1.5"],
  ["--connections", "many"],
  ["--mode", "closed"],
  ["--server", "apache"],
  ["--threads", "1,-2"],
  ["--ours", "wrk"],
  ["--views", "some"],
  ["--pears", "5"],
])("%s %s is refused with a sentence", (option, value) => {
  expect(() => parseOptions([option, value])).toThrow(option);
});
