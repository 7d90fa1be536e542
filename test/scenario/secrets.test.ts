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

test("nor are those of environment variables, of whatever program", () => {
  const text = `title: t # postgres
server: { kind: command, command: postgres, env: { PGPASSWORD: postgres, PGDATA: /tmp } }
lab: { topology: hosts, hosts: { client: {}, server: {}, backend: { command: redis, port: 6379, env: { API_KEY: ab } } } }
phases:
  one: { do: command, on: client, command: job, env: { MY_TOKEN: 12345678 } }
`;
  const shown = withoutSecrets({ ...parse(text), file: text });
  const [variant] = shown.variants;
  expect(variant!.server).toMatchObject({ command: "postgres", env: { PGPASSWORD: "(not shown)", PGDATA: "/tmp" } });
  expect(variant!.lab.hosts!["backend"]!.programs[0]!.env).toEqual({ API_KEY: "(not shown)" });
  expect(variant!.phases[0]).toMatchObject({ env: { MY_TOKEN: "(not shown)" } });
  // A password that is a word like others leaves those alone.
  expect(parse(shown.file!).variants[0]!.server).toMatchObject({ command: "postgres", env: { PGDATA: "/tmp" } });
  expect(shown.file).not.toMatch(/12345678|API_KEY: ab|PGPASSWORD: postgres/u);
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
