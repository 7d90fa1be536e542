import { expect, test } from "vitest";
import { hiddenIn, secretsOf, withoutSecrets } from "../../src/scenario/secrets.js";
import { parse } from "./parsing.js";

const TEXT = `title: t # of tok-123456
load:
  headers: { Authorization: "Bearer tok-123456", X-Api-Key: "ab", Accept: text/csv }
phases:
  one: { do: load, load: { headers: { cookie: "sid=\\"quoted\\"" } } }
`;

test("values that let somebody in are in no plan of a result, and not in its file", () => {
  const scenario = { ...parse(TEXT), file: TEXT };
  const shown = withoutSecrets(scenario);
  const text = JSON.stringify(shown);
  expect(text).not.toMatch(/tok-123456|sid=|"ab"/u);
  expect(shown.variants[0]!.load.request?.headers).toEqual({
    Authorization: "(not shown)",
    "X-Api-Key": "(not shown)",
    Accept: "text/csv",
  });
  expect(shown.file).toContain("Accept: text/csv");
  expect(shown.file).toContain("title: t # of");
  // What is measured has them.
  expect(scenario.variants[0]!.load.request?.headers["Authorization"]).toBe("Bearer tok-123456");
  expect(parse(shown.file!).title).toBe("t");
});

test("a scenario without secrets stays as it is", () => {
  const scenario = parse("title: t\nload: { headers: { Accept: text/csv } }\n");
  expect(withoutSecrets(scenario)).toBe(scenario);
});

test("a command line and what a program wrote lose them too, the longest first", () => {
  const secrets = secretsOf({
    request: {
      method: "GET",
      headers: { Authorization: "Bearer x", "X-Token": "Bearer x2" },
      body: null,
      paths: ["/"],
    },
  });
  expect(hiddenIn("hey -H 'Authorization: Bearer x' -H 'X-Token: Bearer x2'", secrets)).toBe(
    "hey -H 'Authorization: (not shown)' -H 'X-Token: (not shown)'",
  );
});
