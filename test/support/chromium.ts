import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, beforeEach } from "vitest";

/** Debian's. */
const PROGRAM = "/usr/bin/chromium";

/** One browser for the tests of a file, which are skipped where there is none. @returns it, once a test runs */
export function inChromium(): () => Browser {
  let browser: Browser | null = null;
  beforeAll(async () => {
    // Root runs no sandbox of Chromium's; what is shown is ours.
    if (existsSync(PROGRAM)) browser = await chromium.launch({ executablePath: PROGRAM, args: ["--no-sandbox"] });
  });
  afterAll(() => browser?.close());
  beforeEach((context) => context.skip(browser === null, "chromium is not installed"));
  return () => browser!;
}
