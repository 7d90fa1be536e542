import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { importsOf } from "./imports.js";
import { ROOMS, type Room, type RoomName } from "./rooms.js";
import { roomNames, roomOf, violationsOf } from "./violations.js";

const ROOT = new URL("../../", import.meta.url);
const sources = readdirSync(new URL("src", ROOT), { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/u.test(path))
  .map((path) => `src/${path}`);

describe("the source", () => {
  test("is found", () => {
    expect(sources.length).toBeGreaterThan(10);
    expect(sources).toContain("src/errors.ts");
  });

  test("imports only what the map of rooms allows", () => {
    const violations = sources.flatMap((path) => violationsOf({ path, text: read(path) }));
    expect(violations).toEqual([]);
  });

  test("has no folder for things without a place", () => {
    const homeless = sources.filter((path) => /\/(?:utils?|helpers?|common|misc|shared)(?:\/|\.ts$)/u.test(path));
    expect(homeless, "Name the file after the one question that it answers").toEqual([]);
  });
});

describe("the map", () => {
  test("has no room that is empty", () => {
    const inhabited = new Set(sources.map(roomOf));
    expect(roomNames().filter((name) => !inhabited.has(name))).toEqual([]);
  });

  test("lets no arrow run back up: the code of a room never leads to itself", () => {
    const reach = (from: RoomName, seen: Set<RoomName>): Set<RoomName> => {
      for (const to of (ROOMS[from] as Room).code) {
        if (!seen.has(to)) reach(to, seen.add(to));
      }
      return seen;
    };
    expect(roomNames().filter((name) => reach(name, new Set()).has(name))).toEqual([]);
  });

  test.each(roomNames())("lists %s below every room that runs its code", (name) => {
    const below = roomNames().slice(roomNames().indexOf(name) + 1);
    expect((ROOMS[name] as Room).code.filter((to) => !below.includes(to))).toEqual([]);
  });
});

describe("CONTRIBUTING.md", () => {
  test("names files that exist", () => {
    const named = [...read(".github/CONTRIBUTING.md").matchAll(/`(src\/[\w./-]*|test\/[\w./-]*\w)`/gu)];
    const missing = named.map(({ 1: path = "" }) => path).filter((path) => !existsSync(new URL(path, ROOT)));
    expect(missing).toEqual([]);
  });
});

describe("the check", () => {
  const violations = (path: string, text: string): string[] => violationsOf({ path, text });

  test("catches the code of a room that must not be known", () => {
    const [violation, ...more] = violations("src/stats/fake.ts", '\nimport { open } from "../lab/open.js";\n');
    expect(violation).toMatch(/^src\/stats\/fake\.ts:2: stats must not know lab/u);
    expect(more).toEqual([]);
  });

  test("catches running code of which only the shapes may be known", () => {
    expect(violations("src/report/fake.ts", 'import { save } from "../result/write.js";')).toHaveLength(1);
    expect(violations("src/report/fake.ts", 'import type { Trial } from "../result/trial.js";')).toEqual([]);
    expect(violations("src/result/fake.ts", 'import { TCP_STATES } from "../sampler/types.js";')).toEqual([]);
  });

  test("catches the outside world where it has no business", () => {
    expect(violations("src/report/fake.ts", 'import { readFileSync } from "node:fs";')).toHaveLength(1);
    expect(violations("src/server/fake.ts", 'import { execa } from "execa";')).toHaveLength(1);
    expect(violations("src/client/fake.ts", 'import { connect } from "node:net";')).toEqual([]);
  });

  test("catches a file outside of every room", () => {
    expect(violations("src/utils/fake.ts", "")).toHaveLength(1);
    expect(violations("src/fake.ts", "")).toHaveLength(1);
    expect(violations("src/lab/fake.ts", 'import pkg from "../../package.json";')).toHaveLength(1);
  });

  test.each([
    ['import {\n  a,\n  b,\n} from "x";', "x"],
    ['import * as a from "x";', "x"],
    ['import "x";', "x"],
    ['export * from "x";', "x"],
    ['export { a } from "x";', "x"],
    ['const a = await import("x");', "x"],
    ["import a, { b } from 'x';", "x"],
    ['const a = createRequire(import.meta.url)("x");', "x"],
  ])("sees %j", (text, specifier) => {
    expect(importsOf(text)).toEqual([{ specifier, typeOnly: false, line: 1 }]);
  });

  test.each(['import type { A } from "x";', 'export type { A } from "x";', 'import type * as a from "x";'])(
    "knows that nothing is left of %j",
    (text) => {
      expect(importsOf(text)).toEqual([{ specifier: "x", typeOnly: true, line: 1 }]);
    },
  );

  test.each(['// import a from "x";', '/**\n * import a from "x";\n */', '/*\nimport a from "x";\n*/'])(
    "overlooks the comment %j",
    (text) => {
      expect(importsOf(text)).toEqual([]);
    },
  );
});

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}
