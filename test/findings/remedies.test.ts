import { expect, test } from "vitest";
import { EN } from "../../src/findings/en/en.js";
import { programIn, programOn } from "../../src/findings/programs.js";
import { REMEDIES, type Remedy } from "../../src/findings/remedies.js";
import { variantOf } from "../report/fixture.js";

test.each([
  ["nginx -g 'daemon off;'", "nginx"],
  ["exec /usr/sbin/haproxy -f /tmp/x.cfg", "haproxy"],
  ["cd app && python3 -m gunicorn app:app", "gunicorn"],
  ["FLASK_ENV=x flask run", "python"],
  ["node --max-old-space-size=100 server.js", "node"],
  ["npm start", "node"],
  ["go run .", "go"],
  ["php-fpm8.2 -F", "php"],
  ["redis-server --port {port}", "redis"],
  ["./my-server --node 3", null],
  ["java -jar nginxish.jar", null],
])("%s is %s", (command, program) => {
  expect(programIn(command)).toBe(program);
});

test("a host is known by its command, a proxy by its kind, the load's client by its library", () => {
  const variant = variantOf("only");
  expect(programOn(variant, "server")).toBe("node");
  expect(programOn(variant, "client")).toBeNull();
  expect(programOn(variantOf("only", { client: "go" }), "client")).toBe("go");
  const proxy = { kind: "haproxy", upstream: "close", connections: 1, port: 1, readyTimeoutMs: 1 } as const;
  expect(programOn({ ...variant, lab: { ...variant.lab, proxy } }, "proxy")).toBe("haproxy");
  expect(programOn(variant, "198.18.0.9")).toBeNull();
});

test("of several programs on a host the one that listens on a link's port is meant; who connects is not known", () => {
  const variant = variantOf("only");
  const common = { cwd: "/", env: {}, ready: { by: "tcp" }, readyTimeoutMs: 1, starts: "before-server" } as const;
  const programs = [
    { ...common, command: "php-fpm8.2 -F", port: 9_000 },
    { ...common, command: "redis-server", port: 6_379 },
  ];
  const lab = { ...variant.lab, hosts: { server: { programs }, backend: { programs } } };
  const on = (place: string, listens?: boolean) => programOn({ ...variant, lab }, place, listens);
  expect([on("server", true), on("server:9000"), on("server:6379"), on("server:1")]).toEqual([
    "node",
    "php",
    "redis",
    null,
  ]);
  expect([on("backend", true), on("backend:6379"), on("backend")]).toEqual(["php", "redis", null]);
});

test("each remedy is one clause, with a source for each program", () => {
  const at = { remedy: "reuse" as Remedy, host: "server", to: "backend" };
  for (const [remedy, programs] of Object.entries(REMEDIES)) {
    for (const [program, source] of Object.entries(programs)) {
      const texts: Record<string, (where: typeof at) => string> = EN.remedies[remedy as Remedy];
      const text = texts[program]!({ ...at, remedy: remedy as Remedy });
      expect(text, `${remedy} ${program}`).toMatch(/^[^.].*[^.]$/su);
      expect(text.length).toBeLessThan(150);
      if (remedy !== "step-timeout") expect(source, `${remedy} ${program}`).toMatch(/^https:\/\//u);
    }
  }
});
