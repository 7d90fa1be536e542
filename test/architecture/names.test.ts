import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { roomOf } from "./violations.js";

const ROOT = new URL("../../", import.meta.url);
const EXPORTED = /^export (?:async )?(?:type|interface|class|const|function\*?) ([A-Za-z]\w*)/gmu;

/** Rooms that keep to it. The others still have some; whoever has renamed a room's puts it in. */
const TIDY = ["metrics", "compare", "result", "stats", "text"];
/** The only ones left where one of those rooms meets another one. */
const STILL_TWICE = new Set(["count"]);

test("no name that one of these rooms exports is used for something else in another room", () => {
  const rooms = new Map<string, Set<string>>();
  for (const path of readdirSync(new URL("src", ROOT), { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/u.test(path)) continue;
    for (const [, name] of readFileSync(new URL(`src/${path}`, ROOT), "utf8").matchAll(EXPORTED))
      rooms.set(name!, (rooms.get(name!) ?? new Set()).add(roomOf(`src/${path}`) ?? ""));
  }
  const twice = [...rooms].filter(
    ([name, of]) => of.size > 1 && TIDY.some((room) => of.has(room)) && !STILL_TWICE.has(name),
  );
  expect(twice.map(([name, of]) => `${name}: ${[...of].join(", ")}`)).toEqual([]);
});
