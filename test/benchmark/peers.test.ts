import { describe, expect, test } from "vitest";
import { PEERS, type Peer } from "./peers.js";
import type { Mode, Task } from "./types.js";

const PLACE = { program: "/usr/bin/tool", folder: "/run/here" };
const task = (mode: Mode): Task => ({ mode, threads: 3, connections: 71, seconds: 7, host: "198.18.0.1", port: 8080 });

/** All that a peer is told: on its command line and in its files. */
function told(peer: Peer, mode: Mode): string {
  const { file, args, files = {} } = peer.command(task(mode), PLACE);
  return [file, ...args, ...Object.values(files)].join("\n");
}

describe.each(PEERS.map((peer) => [peer.name, peer] as const))("%s", (_name, peer) => {
  test("is told where, how many, how long", () => {
    expect(told(peer, "close")).toContain("http://198.18.0.1:8080/");
    expect(told(peer, "close")).toContain("71");
    expect(told(peer, "close")).toMatch(peer.name === "siege" ? /^8S$/mu : /(?<!\d)7s?(?!\d)/u);
    expect(told(peer, "close")).toContain(PLACE.program);
  });

  test("is told to close or to keep alive, and nothing else differs", () => {
    const [close, keep] = [told(peer, "close"), told(peer, "keep-alive")];
    expect(close).not.toBe(keep);
    const keepLines = new Set(keep.split("\n"));
    expect(close.split("\n").filter((line) => !keepLines.has(line)).length).toBeLessThanOrEqual(2);
  });
});

test.each(PEERS.filter(({ threading }) => threading === "as asked").map((peer) => [peer.name, peer] as const))(
  "%s is told how many threads",
  (_name, peer) => {
    expect(told(peer, "close")).toMatch(/(?<!\d)3(?!\d)/u);
  },
);
