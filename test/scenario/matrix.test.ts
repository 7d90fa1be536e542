import fc from "fast-check";
import { expect, test } from "vitest";
import { expandMatrix } from "../../src/scenario/matrix.js";
import { errorOf, parse } from "./parsing.js";

test("every combination of a matrix is a variant, with the setting on both hosts", () => {
  const { variants } = parse("title: t\nmatrix: { tcp_tw_reuse: [0, 1, 2], tcp_timestamps: [0, 1] }\n");
  expect(variants.map(({ name }) => name)).toEqual([
    "tcp_tw_reuse-0--tcp_timestamps-0",
    "tcp_tw_reuse-0--tcp_timestamps-1",
    "tcp_tw_reuse-1--tcp_timestamps-0",
    "tcp_tw_reuse-1--tcp_timestamps-1",
    "tcp_tw_reuse-2--tcp_timestamps-0",
    "tcp_tw_reuse-2--tcp_timestamps-1",
  ]);
  expect(variants[3]!.lab.sysctl).toEqual({
    client: { "net.ipv4.tcp_tw_reuse": "1", "net.ipv4.tcp_timestamps": "1" },
    server: { "net.ipv4.tcp_tw_reuse": "1", "net.ipv4.tcp_timestamps": "1" },
  });
});

test("variants of the file come in every combination, and a field of one host or of the load is an axis too", () => {
  const { variants } = parse(
    "title: t\nmatrix: { client.tcp_tw_reuse: [1], load.connections: [5, 6] }\nvariants: { close: { load: { connection: close } } }\n",
  );
  expect(variants.map(({ name }) => name)).toEqual([
    "close--tcp_tw_reuse-1--connections-5",
    "close--tcp_tw_reuse-1--connections-6",
  ]);
  expect(variants[1]!.load).toMatchObject({ connection: "close", connections: 6 });
  expect(variants[1]!.lab.sysctl.client["net.ipv4.tcp_tw_reuse"]).toBe("1");
  expect(variants[1]!.lab.sysctl.server["net.ipv4.tcp_tw_reuse"]).toBe("0");
});

test.each([
  "matrix: { tcp_tw_reuse: 1 }",
  "matrix: { tcp_tw_reuse: [] }",
  "matrix: { nonsense: [1] }",
  "matrix: { tcpfoo: [1] }",
  "matrix: { load.path: [/a/b, /a-b] }",
  "matrix: { tcp_tw_reuse: [1, 1] }",
  "matrix: { load.conections: [1] }",
  "matrix: { tcp_tw_reuse: [0, 1, 2, 3, 4, 5, 6, 7, 8], tcp_timestamps: [0, 1, 2, 3, 4, 5, 6, 7, 8] }",
])("what is no matrix is told: %s", (line) => {
  expect(errorOf(`title: t\n${line}\nvariants: { a: {} }\n`).faults.length).toBeGreaterThan(0);
});

test("there are as many variants as combinations, each with a name of its own", () => {
  const axis = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(axis, axis, axis, (one, two, three) => {
      const { data, fault } = expandMatrix({ matrix: { tcp_a: one, tcp_b: two, tcp_c: three } });
      if (fault !== null) return;
      expect(Object.keys(data["variants"] as object)).toHaveLength(one.length * two.length * three.length);
    }),
  );
});
