import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { benchHere, type RunHere } from "../support/here.js";
import { leftovers } from "../support/leftovers.js";
import { temporaryFolder } from "../support/temporary.js";

/** Keeps its connections, or closes each after one answer. */
export const SERVER = `
const [port, mode] = process.argv.slice(2);
require("node:http").createServer((_, response) => {
  if (mode === "closes") response.setHeader("Connection", "close");
  response.end("hi");
}).listen(port);
`;
export const KEEPS = "exec node server.cjs {port}";
export const CLOSES = "exec node server.cjs {port} closes";

export const SCENARIO = {
  title: "a service",
  server: { kind: "command", command: KEEPS, port: 8080, readyTimeout: "5s" },
  load: { connections: 3, requests: 60, duration: "5s" },
  variants: { slow: { load: { connections: 2 } }, quick: {} },
  gates: ["connections.requestsPer >= 0.9 * base"],
  expect: ["slow.requests.failed == 0", "quick.connections.opened < 2 * slow.connections.opened"],
};

export function service(changes: Record<string, unknown> = {}): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "server.cjs"), SERVER);
  writeFileSync(join(cwd, "service.yaml"), JSON.stringify({ ...SCENARIO, ...changes }));
  return cwd;
}

export async function run(
  cwd: string,
  args: readonly string[],
  options: Parameters<typeof benchHere>[1] = {},
): Promise<RunHere> {
  const ended = await benchHere(["run", "service.yaml", "-o", "r.json", ...args], {
    ...options,
    cwd,
    env: { GITHUB_STEP_SUMMARY: undefined, ...options.env },
  });
  expect(leftovers(ended.mark)).toEqual([]);
  return ended;
}

export const saved = (cwd: string): RunResult => JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult;
