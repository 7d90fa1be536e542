import { expect, test } from "vitest";
import { mostAtOnce } from "../../src/lab/limits.js";
import { parse } from "../scenario/parsing.js";

const most = (rest: string): number =>
  mostAtOnce(parse(`title: t\nload: { connections: 7 }\nvariants: { a: {} }\n${rest}`).variants[0]!);

test("a load holds as many as its connections, and of steps the one that opens most counts", () => {
  expect(most("")).toBe(7);
  expect(most("phases: { x: { do: read } }")).toBe(0);
  expect(most("phases: { x: { do: load }, y: { do: load, load: { connections: 9 } } }")).toBe(9);
  expect(
    most(
      "phases: { x: { do: load }, y: { do: together, phases: { z: { do: connect, socket: s, port: 1, sockets: 2000 } } } }",
    ),
  ).toBe(2_000);
});
