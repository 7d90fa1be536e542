import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { runBench } from "../support/bench.js";
import { temporaryFolder } from "../support/temporary.js";

/** 201 for a body that came whole, from somebody who may; 401 for others. It tells how many octets came. */
const SERVER = `
const [port] = process.argv.slice(2).map(Number);
require("node:http").createServer((request, response) => {
  let octets = 0;
  request.on("data", (part) => (octets += part.length));
  request.on("end", () => {
    const may = request.headers.authorization === "Bearer tok-9876543210" && octets === 300000;
    response.writeHead(may ? 201 : 401).end(String(octets));
  });
}).listen(port);
`;

test("a long body goes out whole over a cable, and a secret stands in nothing that is kept or shown", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "server.cjs"), SERVER);
  writeFileSync(join(cwd, "body.bin"), Buffer.alloc(300_000, "x"));
  writeFileSync(
    join(cwd, "post.yaml"),
    `title: Long bodies
server: { kind: command, port: 8080, command: "exec node server.cjs {port}" }
load: { requests: 20, connections: 2, bodyFile: body.bin, headers: { Authorization: Bearer tok-9876543210 } }
variants:
  epoll: { load: { client: epoll } }
  stranger: { load: { client: undici, headers: { Authorization: null }, success: [401] } }
expect:
  - epoll.statuses.201 == 20
  - epoll.requests.failed == 0
  - stranger.statuses.4xx == 20
  - stranger.requests.succeeded == 20
`,
  );
  const run = await runBench(["run", "post.yaml", "--output", "r.json"], { cwd });
  expect(run.stdout + run.stderr).not.toContain("tok-9876543210");
  expect(run.exitCode).toBe(0);
  const text = readFileSync(join(cwd, "r.json"), "utf8");
  expect(text).not.toContain("tok-9876543210");
  const { load } = (JSON.parse(text) as RunResult).scenario.variants[0]!;
  expect(load.request).toMatchObject({
    method: "POST",
    headers: { Authorization: "(not shown)" },
    body: { file: join(cwd, "body.bin"), bytes: 300_000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/u) as string },
  });
  expect(run.stdout).toContain("POST");
});
