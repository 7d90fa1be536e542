import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, test } from "vitest";
import { HOSTILE, specimens } from "../page/specimens.js";
import { claimResult, untested } from "../report/claim-fixture.js";
import { runBench } from "../support/bench.js";
import { faults } from "./axe.js";
import { inChromium } from "../support/chromium.js";
import { temporaryFolder } from "../support/temporary.js";

const ALL = specimens();

const browser = inChromium();

interface Seen {
  page: Page;
  /** What it asked for, but the file itself. */
  requests: string[];
  /** What it said on its console, and what went wrong. */
  said: string[];
}

/** The page of a document, as the command writes it, in a browser of its own. */
async function opened(document: unknown, options: BrowserContextOptions = {}): Promise<Seen> {
  const folder = temporaryFolder();
  const [json, html] = [join(folder, "result.json"), join(folder, "page.html")];
  writeFileSync(json, JSON.stringify(document));
  const run = await runBench(["report", json, "--output", html], { cwd: folder });
  expect(run).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
  const context = await browser().newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const seen: Seen = { page, requests: [], said: [] };
  const address = pathToFileURL(html).href;
  page.on("request", (request) => {
    if (request.url() !== address) seen.requests.push(request.url());
  });
  page.on("console", (message) => seen.said.push(message.text()));
  page.on("pageerror", (error) => seen.said.push(error.message));
  page.on("dialog", (dialog) => {
    seen.said.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(address);
  return seen;
}

const SEVERAL = { schemaVersion: 2, results: [claimResult(), untested("conntrack-timeout"), ALL["one"]] };
const PHONE = { width: 390, height: 844 };

test.each([...Object.entries(ALL), ["several", SEVERAL] as const])(
  "the page of the result %s asks for nothing, and fits a phone",
  async (_, saved) => {
    const { page, requests, said } = await opened(saved, { viewport: PHONE });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
    expect({ requests, said }).toEqual({ requests: [], said: [] });
  },
);

// What it looks at takes it seconds: not every page is looked at in every light.
test.each([
  ["one", ALL["one"], { colorScheme: "light" }],
  ["one", ALL["one"], { colorScheme: "dark", viewport: PHONE }],
  ["chain", ALL["chain"], { colorScheme: "dark" }],
  ["trials", ALL["trials"], { colorScheme: "light", viewport: PHONE }],
  ["several", SEVERAL, { colorScheme: "dark" }],
  ["failed", ALL["failed"], { colorScheme: "light" }],
  ["interrupted", ALL["interrupted"], { colorScheme: "dark" }],
] as const)("the page of the result %s breaks no rule of accessibility", async (_, saved, options) => {
  const { page } = await opened(saved, options);
  expect(await faults(page)).toEqual([]);
});

test("no text covers another one, and none stands out of its figure", async () => {
  for (const [name, width] of [
    ["plain", 1280],
    ["plain", 390],
    ["trials", 1280],
    ["chain", 1280],
    ["chain", 390],
  ] as const) {
    const { page } = await opened(ALL[name], { viewport: { width, height: 900 } });
    const found = await page.evaluate(() => {
      const out: string[] = [];
      for (const drawing of document.querySelectorAll("figure, .lab")) {
        const around = drawing.getBoundingClientRect();
        const texts = [...drawing.querySelectorAll("svg text")]
          .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0);
        for (const [i, { text, box }] of texts.entries()) {
          if (box.left < around.left - 1 || box.right > around.right + 1) out.push(`${text} stands out`);
          for (const other of texts.slice(i + 1)) {
            const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
            const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
            if (across > 1 && down > 4) out.push(`${text} covers ${other.text}`);
          }
        }
      }
      return out;
    });
    expect({ name, width, found }).toEqual({ name, width, found: [] });
    await page.context().close();
  }
});

test("the arrows move a crosshair over all charts that share the axis, and say what stands there", async () => {
  const { page } = await opened(ALL["plain"]);
  const chart = page.getByRole("slider", { name: /^Sockets in TIME_WAIT/u }).first();
  await chart.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  const first = await chart.getAttribute("aria-valuetext");
  expect(first).toMatch(/^\d+ ms: server [\d,]+ · client 0$/u);
  await page.keyboard.press("End");
  expect(await chart.getAttribute("aria-valuetext")).toMatch(/^10\.\d\d s: server 14,116 · client 0$/u);
  // TIME_WAIT, rate, latency and states of this variant; neither its percentiles nor those of the other one.
  expect(await page.locator("svg.read").count()).toBe(4);
  expect(await page.locator(".reading:not(:empty)").allTextContents()).toEqual(
    expect.arrayContaining([expect.stringMatching(/^10\.\d\d s: [\d,.]+$/u)]),
  );
  await page.keyboard.press("Escape");
  expect(await page.locator("svg.read").count()).toBe(0);
});

test("the pointer does the same, and leaves nothing behind", async () => {
  const { page } = await opened(ALL["plain"]);
  await page
    .getByRole("slider", { name: /^Requests per second/u })
    .first()
    .hover();
  expect(await page.locator("svg.read").count()).toBe(4);
  await page.mouse.move(2, 2);
  expect(await page.locator("svg.read").count()).toBe(0);
});

test("variants are laid over each other on demand, also without a script", async () => {
  for (const javaScriptEnabled of [true, false]) {
    const { page } = await opened(ALL["plain"], { javaScriptEnabled });
    const overlaid = page.getByText("Sockets in TIME_WAIT on the server", { exact: true });
    expect(await overlaid.isVisible()).toBe(false);
    await page.getByLabel("laid over each other").check();
    expect(await overlaid.isVisible()).toBe(true);
    expect(await page.getByText("All states on server").first().isVisible()).toBe(false);
    await page.context().close();
  }
});

test("the raw result is downloaded as it was saved", async () => {
  const { page } = await opened(ALL["plain"]);
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "The raw result" }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe("close-vs-keepalive.json");
  expect(JSON.parse(readFileSync(await download.path(), "utf8"))).toEqual(ALL["plain"]);
});

test("whatever a name or an error says is read, and nothing of it runs", async () => {
  const { page, said } = await opened(ALL["hostile"]);
  const shown = HOSTILE.replace("\u202E", "\uFFFD");
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(shown);
  expect(await page.title()).toBe(shown);
  expect(await page.locator("script").count()).toBe(1);
  expect(said).toEqual([]);
});

test("on paper it is light, and what is folded away is there", async () => {
  const { page } = await opened(ALL["plain"], { colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
  const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
  expect(pdf.match(/\/Type \/Page\b/gu)!.length).toBeGreaterThan(2);
  expect(await page.getByText("Environment", { exact: true }).isVisible()).toBe(true);
});

test("bench run writes the page where --output names one, and the result where it goes else", async () => {
  const cwd = temporaryFolder();
  const args = ["run", "who-closes", "--duration", "300ms", "--only", "server-closes", "--output", "page.html"];
  const run = await runBench(args, { cwd });
  expect(run.stderr).not.toContain("error:");
  expect(run.stdout).toMatch(/^who-closes/u);
  const result = /^result: (.*)$/mu.exec(run.stderr)![1]!;
  expect(result).toMatch(/results\/who-closes\/.*\.json$/u);
  const page = readFileSync(join(cwd, "page.html"), "utf8");
  expect(page).toMatch(/^<!doctype html>/u);
  const again = await runBench(["report", result, "--format", "html"], { cwd });
  expect(again.stdout).toBe(page);
});
