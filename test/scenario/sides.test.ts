import { describe, expect, test } from "vitest";
import { inCheckout, joinSides } from "../../src/scenario/sides.js";
import { parse, withLines } from "./parsing.js";

describe("the scenario of a revision", () => {
  test("runs its commands in the same folders of its checkout, on every host, and nothing else there", () => {
    const hosts = "{ client: {}, server: {}, third: { command: node third.js, cwd: third, port: 9000 } }";
    const asWritten = parse(
      withLines(
        "server: { kind: command, command: 'node server.js {host} {port}' }",
        `lab: { topology: hosts, hosts: ${hosts} }`,
      ),
      { folder: "/repo/bench" },
    );
    const [variant] = inCheckout(asWritten, (path) => path.replace("/repo", "/tmp/base")).variants;
    expect(variant!.server).toMatchObject({ command: "node server.js {host} {port}", cwd: "/tmp/base/bench" });
    expect(variant!.lab.hosts).toMatchObject({
      client: { programs: [] },
      third: { programs: [{ command: "node third.js", port: 9000, cwd: "/tmp/base/bench/third" }] },
    });
  });

  test("leaves a server of ours where it is", () => {
    const asWritten = parse(withLines());
    expect(inCheckout(asWritten, () => "/tmp/base")).toEqual(asWritten);
  });
});

test("two sides are pairs of variants, judged by the head", () => {
  const lines = ["expect: [a.requests.perSec > 1, a.requests.perSec >= 0.5 * a.connections.perSec]"];
  const asWritten = parse(withLines(...lines));
  const { variants, expect: expected } = joinSides({ base: asWritten, head: asWritten }, {
    base: { label: "x" },
    head: { label: "y" },
  } as unknown as Parameters<typeof joinSides>[1]);
  expect(variants.map(({ name }) => name)).toEqual(["a-base", "a-head"]);
  expect(expected.map(({ text }) => text)).toEqual([
    "a-head.requests.perSec > 1",
    "a-head.requests.perSec >= 0.5 * a-head.connections.perSec",
  ]);
});
