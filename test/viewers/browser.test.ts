import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { browserCommand, openInBrowser } from "../../src/viewers/browser.js";
import { temporaryFolder } from "../support/temporary.js";

const ADDRESS = "http://127.0.0.1:4321/00/";

test("nobody looks in CI or without a desktop; BROWSER goes before the desktop's command", () => {
  expect(browserCommand({})).toBeNull();
  expect(browserCommand({ DISPLAY: ":0" })).toBe("xdg-open");
  expect(browserCommand({ WAYLAND_DISPLAY: "wayland-0", BROWSER: "" })).toBe("xdg-open");
  expect(browserCommand({ BROWSER: "lynx", DISPLAY: ":0" })).toBe("lynx");
  expect(browserCommand({ CI: "true", BROWSER: "lynx" })).toBeNull();
  expect(browserCommand({ CI: "false", BROWSER: "lynx" })).toBe("lynx");
});

test.each([
  ["a program", (program: string) => program, [ADDRESS]],
  ["a program with arguments", (program: string) => `${program} --new -x`, ["--new", "-x", ADDRESS]],
  ["a place for the address", (program: string) => `${program} %s --new`, [ADDRESS, "--new"]],
  ["several, of which the first is not there", (program: string) => `/no/browser:${program}`, [ADDRESS]],
] as const)("%s gets the address", async (_, command, args) => {
  const folder = temporaryFolder();
  const [program, told] = [join(folder, "browser"), join(folder, "told")];
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" >${told}.new && mv ${told}.new ${told}\n`, { mode: 0o755 });
  openInBrowser(command(program), ADDRESS);
  await vi.waitFor(() => expect(existsSync(told)).toBe(true), 10_000);
  expect(readFileSync(told, "utf8")).toBe(`${args.join("\n")}\n`);
});
