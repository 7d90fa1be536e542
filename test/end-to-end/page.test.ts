import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { type PageInput, renderPage } from "../../src/page/render.js";
import type { RunResult } from "../../src/result/types.js";
import { inLanguage } from "../../src/text/language.js";
import { looks } from "../page/looks.js";
import { HOSTILE, specimens } from "../page/specimens.js";
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
  /** Opens a page, as every command draws it. */
  open(input: PageInput): Promise<void>;
}

/** The page of a document, in a context of its own. */
async function opened(document: RunResult, options: BrowserContextOptions = {}): Promise<Seen> {
  const context = await browser().newContext({ viewport: { width: 1280, height: 900 }, ...options });
  onTestFinished(() => context.close());
  const seen = await listened(await context.newPage());
  await seen.open({ results: [document], comparisons: [] });
  return seen;
}

/** What is asked for and said on a page, whatever is opened on it. */
async function listened(page: Page): Promise<Seen> {
  const file = join(temporaryFolder(), "page.html");
  const address = pathToFileURL(file).href;
  const seen: Seen = {
    page,
    requests: [],
    said: [],
    async open(input) {
      writeFileSync(file, renderPage(input));
      await page.goto(address);
    },
  };
  page.on("request", (request) => {
    if (request.url() !== address) seen.requests.push(request.url());
  });
  page.on("console", (message) => seen.said.push(message.text()));
  page.on("pageerror", (error) => seen.said.push(error.message));
  page.on("dialog", (dialog) => {
    seen.said.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return seen;
}

const PHONE = { width: 390, height: 844 };
/** Two charts stand beside each other on it, and are narrow. */
const TABLET = { width: 768, height: 1024 };
const DESK = { width: 1280, height: 900 };
/** Looked at in the dark as well: together they have every part that there is. */
const DARK = new Set(["chain", "trials", "several", "failed", "claims", "version 1", "two sides", "compare"]);
/** Of so many variants each is what one is, and the rules take half a minute. */
const LONG = new Set(["twenty"]);

test("every page asks for nothing, fits a phone and a desk, covers no text with another, and breaks no rule of accessibility", async () => {
  const { page, requests, said, open } = await listened(await browser().newPage({ viewport: PHONE }));
  onTestFinished(() => page.close());
  const amiss: Record<string, string[]> = {};
  for (const { name, input, language = "en" } of await looks()) {
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(PHONE);
    await inLanguage(language, () => open(input));
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    const found = width === PHONE.width ? [] : [`is ${width} pixels wide on a phone`];
    found.push(...(await coveredOn(page)).map((text) => `on a phone: ${text}`));
    if (!LONG.has(name)) found.push(...(await faults(page)));
    await page.setViewportSize(TABLET);
    found.push(...(await coveredOn(page)).map((text) => `on a tablet: ${text}`));
    await page.setViewportSize(DESK);
    found.push(...(await coveredOn(page)).map((text) => `on a desk: ${text}`));
    if (DARK.has(name)) {
      await page.emulateMedia({ colorScheme: "dark" });
      found.push(...(await faults(page)).map((text) => `in the dark: ${text}`));
    }
    if (found.length > 0) amiss[name] = found;
  }
  expect({ amiss, requests, said }).toEqual({ amiss: {}, requests: [], said: [] });
});

/** Texts of drawings that cover one another, or stand out of their figure. */
function coveredOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
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
}

test("the arrows move a crosshair over all charts that share the axis, and say what stands there", async () => {
  const { page } = await opened(ALL["plain"]!);
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
  const { page } = await opened(ALL["plain"]!);
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
    const { page } = await opened(ALL["plain"]!, { javaScriptEnabled });
    const overlaid = page.getByText("Sockets in TIME_WAIT on the server", { exact: true });
    expect(await overlaid.isVisible()).toBe(false);
    await page.getByLabel("laid over each other").check();
    expect(await overlaid.isVisible()).toBe(true);
    expect(await page.getByText("All states on server").first().isVisible()).toBe(false);
  }
});

test("the raw result is downloaded as it was saved", async () => {
  const { page } = await opened(ALL["plain"]!);
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "The raw result" }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe("close-vs-keepalive.json");
  expect(JSON.parse(readFileSync(await download.path(), "utf8"))).toEqual(ALL["plain"]!);
});

test("whatever a name or an error says is read, and nothing of it runs", async () => {
  const { page, said } = await opened(ALL["hostile"]!);
  const shown = HOSTILE.replace("\u202E", "\uFFFD");
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(shown);
  expect(await page.title()).toBe(shown);
  expect(await page.locator("script").count()).toBe(1);
  expect(said).toEqual([]);
});

test("on paper it is light, and what is folded away is there", async () => {
  const { page } = await opened(ALL["plain"]!, { colorScheme: "dark" });
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
