import { execFileSync, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { type ClientRequest, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LiveScreen } from "../../src/commands/live-screen.js";
import type { World } from "../../src/commands/world.js";
import type { RunEvent } from "../../src/events/types.js";
import type { Terminal } from "../../src/screen/types.js";
import { serveLive } from "../../src/viewers/serve.js";
import type { View } from "./views.js";

/** A view as the product has it, that can be switched while a run goes on. */
export interface Switch {
  heard(event: RunEvent): void;
  set(on: boolean): void;
  close(): Promise<void>;
}

export const NO_VIEW: Switch = { heard: () => {}, set: () => {}, close: async () => {} };

export async function switchOf(view: View): Promise<Switch> {
  return view === "--live" ? screenSwitch() : pageSwitch();
}

/** What tells a view what there is; the rest is what it draws while it is on. */
function isFrame({ type }: RunEvent): boolean {
  return type !== "sample" && type !== "progress";
}

/** On a terminal of 120 × 40 that takes all that is written, in a process of its own, and shows nothing. */
function screenSwitch(): Switch {
  const folder = mkdtempSync(join(tmpdir(), "time-wait-bench-view-"));
  const pipe = join(folder, "terminal");
  execFileSync("mkfifo", [pipe]);
  const reader = spawn("cat", [pipe], { stdio: "ignore" });
  // For both directions, so that the opening waits for nobody.
  const fd = openSync(pipe, "r+");
  const terminal: Terminal = {
    size: { columns: 120, rows: 40 },
    isOurs: true,
    offer: (bytes) => writeSync(fd, bytes),
    write: (bytes) => void writeSync(fd, bytes),
    listen: () => () => {},
  };
  const output = { write: () => true, columns: 120, rows: 40, color: true };
  const world: Pick<World, "env" | "stderr" | "interrupted"> = {
    env: { LANG: "C.UTF-8" },
    stderr: output,
    interrupted: new AbortController().signal,
  };
  const screen = new LiveScreen(world, terminal, "en");
  let isOn = false;
  return {
    heard: (event) => {
      if (isOn || isFrame(event)) screen.heard(event);
    },
    set: (on) => void (isOn = on),
    close: async () => {
      screen.close();
      closeSync(fd);
      reader.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** With one viewer, which reads all and draws nothing: that is the browser's work, on whatever machine it is. */
async function pageSwitch(): Promise<Switch> {
  const page = await serveLive("en");
  let viewer: ClientRequest | null = null;
  return {
    heard: (event) => {
      if (viewer !== null || isFrame(event)) page.heard(event);
    },
    set(on) {
      if (on === (viewer !== null)) return;
      viewer?.destroy();
      viewer = on ? get(`${page.address}s`, (stream) => stream.on("error", () => {}).resume()) : null;
      viewer?.on("error", () => {});
    },
    close: async () => {
      viewer?.destroy();
      await page.end({ said: "It is over." }, true);
    },
  };
}
