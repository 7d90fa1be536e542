import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { HOSTILE, specimens } from "../page/specimens.js";
import { type RunningBench, startBench } from "../support/bench.js";
import { inChromium } from "../support/chromium.js";
import { temporaryFolder } from "../support/temporary.js";
import { faults } from "./axe.js";

const ALL = specimens();

const browser = inChromium();

interface Watched {
  run: RunningBench;
  address: string;
  /** What pages asked others for, and what went wrong on them. */
  amiss: string[];
  look(viewport?: { width: number; height: number }): Promise<Page>;
}

async function watched(args: readonly string[], cwd = temporaryFolder()): Promise<Watched> {
  const run = startBench([...args, "--ui"], { cwd });
  const address = await run.said(/http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\//u);
  const amiss: string[] = [];
  return {
    run,
    address,
    amiss,
    async look(viewport = { width: 1280, height: 900 }) {
      const page = await (await browser().newContext({ viewport })).newPage();
      page.on("request", (asked) => {
        if (!asked.url().startsWith(address)) amiss.push(asked.url());
      });
      page.on("console", (message) => amiss.push(message.text()));
      page.on("pageerror", (error) => amiss.push(error.message));
      await page.addInitScript(sayWhatIsDrawnAgain);
      await page.goto(address);
      return page;
    },
  };
}

/** What the program drew is taken over by the page's script as it stands. */
function sayWhatIsDrawnAgain(): void {
  const observer = new MutationObserver((changes) => {
    for (const { target, removedNodes } of changes)
      if (removedNodes.length > 0 && target instanceof Element && target.closest("main") !== null)
        console.log(`drawn again: ${target.outerHTML.slice(0, 200)}`);
  });
  observer.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => observer.disconnect());
}

/** A result as a file, to be replayed. */
function saved(document: unknown): string {
  const file = join(temporaryFolder(), "result.json");
  writeFileSync(file, JSON.stringify(document));
  return file;
}

/** @returns the status that it is answered with */
function statusOf(address: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(address, { headers }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

test("a run is followed, and at its end the page is the report of what was saved, without the program", async () => {
  const cwd = temporaryFolder();
  const args = ["run", "who-closes", "--duration", "1s", "--only", "server-closes", "--output", "result.json"];
  const { run, address, amiss, look } = await watched(args, cwd);
  const page = await look({ width: 390, height: 844 });
  const stranger = { host: `attacker.example:${new URL(address).port}` };
  expect(await statusOf(address, stranger)).toBe(403);
  expect(await statusOf(address, { "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await statusOf(`${address}s`, { origin: "https://attacker.example" })).toBe(403);
  expect(await statusOf(address.replace(/[0-9a-f]\/$/u, "g/"), {})).toBe(404);
  await page.locator(".down .unit").first().waitFor();
  expect(await faults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect((await run.finished).exitCode).toBe(0);
  const link = page.getByRole("link", { name: "The raw result" });
  await link.waitFor();
  const waiting = page.waitForEvent("download");
  await link.click();
  const result = JSON.parse(readFileSync(join(cwd, "result.json"), "utf8")) as RunResult;
  expect(JSON.parse(readFileSync(await (await waiting).path(), "utf8"))).toEqual(result);
  const peak = result.variants["server-closes"]!.median!.timeWait!.server!.peak;
  expect(await page.locator(".host.server .big").first().textContent()).toBe(peak.toLocaleString("en"));
  expect(amiss).toEqual([]);
});

test("who comes late, or again, sees all that was heard; two look at the same; Ctrl-C ends it at once", async () => {
  const { run, address, amiss, look } = await watched(["replay", saved(ALL["plain"]), "--speed", "0.2"]);
  const first = await look();
  const notice = "TIME_WAIT gathers on the server: it closes first.";
  await first.getByText(notice).waitFor();
  const second = await look();
  await second.getByText(notice).waitFor();
  await first.reload();
  await first.getByText(notice).waitFor();
  const still = await (await browser().newContext({ javaScriptEnabled: false })).newPage();
  await still.goto(address);
  expect(await still.locator("main").textContent()).toContain(notice);
  const points = await first.locator(".plot .line.server").first().getAttribute("data-x");
  expect(points!.split(" ").length).toBeGreaterThan(5);
  expect(await faults(second)).toEqual([]);
  const asked = performance.now();
  run.kill("SIGINT");
  const { exitCode } = await run.finished;
  expect(exitCode).toBe(130);
  expect(performance.now() - asked).toBeLessThan(5_000);
  await first.getByRole("link", { name: "The raw result" }).waitFor();
  expect(amiss).toEqual([]);
});

test("any result is replayed to its report, whatever became of it, in the language that was asked for", async () => {
  const { hostile, short, steps, failed, interrupted } = ALL;
  const many = { schemaVersion: 2, results: [hostile, short, steps, failed, interrupted, ALL["no-time-wait"]] };
  const { run, amiss, look } = await watched(["replay", saved(many), "--speed", "1000", "--lang", "zh"]);
  const page = await look();
  expect(await run.finished).toMatchObject({ exitCode: 0 });
  await page.locator("a.raw").getByText("原始").waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");
  expect(await page.getByRole("heading", { level: 1 }).first().textContent()).toBe(HOSTILE.replace("\u202E", "\uFFFD"));
  expect(await page.locator("article.run").count()).toBeGreaterThanOrEqual(5);
  expect(amiss).toEqual([]);
});
