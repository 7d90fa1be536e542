import { request } from "node:http";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DIST, ROOT, type RunningBench, runProgram, startBench, startProgram } from "../support/bench.js";
import { inChromium } from "../support/chromium.js";
import { temporaryFolder } from "../support/temporary.js";
import { faults } from "./axe.js";
import { asked, ENTER, expectRestored, inTerminal, LEAVE } from "./terminal.js";

const browser = inChromium();

/** A lesson from its recordings. */
function lesson(name: string, lang: string): string[] {
  const recorded = join(ROOT, "scenarios/lessons", name, "recorded");
  return ["workshop", name, "--lang", lang, "--from", recorded];
}
const LANGUAGES = [
  { lang: "en", right: "12 of 15 hands were right (80 %).", end: "The end of the lesson.", hint: "Hint" },
  { lang: "zh", right: "15 人举手，12 人猜对（80%）。", end: "本课到此结束", hint: "提示" },
];

const script = await runProgram("script", ["--version"]).catch(() => null);

test.skipIf(script?.exitCode !== 0).each(LANGUAGES)(
  "is taught in $lang in a terminal, by keys",
  async ({ lang, right, end, hint }) => {
    const cwd = temporaryFolder();
    const command = [process.execPath, `${DIST}cli.js`, ...lesson("why-it-exists", lang)].join(" ");
    const env = { TERM: "xterm-256color", LANG: "C.UTF-8", XDG_CACHE_HOME: cwd };
    const run = startProgram("script", ["-qefc", command, "/dev/null"], { cwd, env, typed: true });
    await run.said(/> $/u);
    // 5 steps of 5 parts; in the first the second choice is right.
    for (const line of ["", "1=3 2=12", "h", ...Array<string>(24).fill("")]) run.type(`${line}\r`);
    const { exitCode, stdout } = await run.finished;
    expect(exitCode).toBe(0);
    for (const text of [right, end, hint]) expect(stdout).toContain(text);
    // A screen begins at the top, and nothing else is done to the terminal.
    const codes = stdout.split("\u001b[").slice(1);
    expect(new Set(codes.map((code) => /[A-Za-z]/u.exec(code)![0]))).toEqual(new Set(["H", "J", "m"]));
  },
);

describe.skipIf(script?.exitCode !== 0)("a recording in a terminal", () => {
  const played = (): RunningBench => {
    const cwd = temporaryFolder();
    const command = ["bench", ...lesson("posts", "en")].join(" ");
    return inTerminal(asked(command), cwd, { XDG_CACHE_HOME: cwd });
  };

  test("is played as the run was, with what the step is about, until somebody goes on", async () => {
    const run = played();
    await run.said(/> $/u);
    run.type("\r\r");
    await run.said(/Playing the recording of claims\/fin-timeout[^]*sockets by state/u);
    run.type("\r");
    await run.said(/what was measured[^]*> $/u);
    run.type("q\r");
    const { exitCode, stdout } = await run.finished;
    expect(exitCode).toBe(0);
    await expectRestored(stdout);
    expect(stdout.split(ENTER)).toHaveLength(2);
    const screen = stdout.slice(stdout.indexOf(ENTER), stdout.lastIndexOf(LEAVE));
    // That would be the answer.
    expect(screen).not.toContain("─ expected");
    // Enter alone was used up: it did not go on to why as well.
    expect(stdout).not.toContain("· why");
  });

  test("is ended by Ctrl-C, and leaves the terminal as it was", async () => {
    const run = played();
    await run.said(/> $/u);
    run.type("\r\r");
    await run.said(/Playing the recording of claims\/fin-timeout/u);
    run.type("\u0003");
    const { exitCode, stdout } = await run.finished;
    expect(exitCode).toBe(130);
    await expectRestored(stdout);
    expect(stdout).not.toContain("what was measured");
  });
});

test.each(LANGUAGES)(
  "is taught in $lang on a page, which the teacher drives from there and from the terminal",
  async ({ lang, right, end, hint }) => {
    const env = { XDG_CACHE_HOME: temporaryFolder() };
    const run = startBench([...lesson("ci", lang), "--step", "2", "--ui"], { env, typed: true });
    const address = await run.said(/http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\//u);
    const page = await (await browser().newContext({ viewport: { width: 390, height: 844 } })).newPage();
    const amiss: string[] = [];
    page.on("console", (message) => amiss.push(message.text()));
    page.on("pageerror", (error) => amiss.push(error.message));
    await page.goto(address);
    const go = page.locator(".go");
    await go.click();
    // `worse` is the third choice, and hands that are counted again replace those before.
    for (const [at, hands] of [3, 7, 12].entries()) await page.fill(`input[name="${at + 1}"]`, String(hands));
    await page.locator(".count").click();
    await page.locator(".hands").first().waitFor();
    run.type("2=0\n");
    await expect.poll(() => page.locator(".hands").count()).toBe(2);
    expect(await statusOf(`${address}do`, { origin: "http://127.0.0.1:1" })).toBe(403);
    expect(await faults(page)).toEqual([]);
    // The button that was clicked has the focus still, and a remote control goes on.
    await page.keyboard.press("PageDown");
    await page.getByText(right).waitFor();
    // The recording was played, and stands there as a run does.
    expect(await page.locator(".lesson .charts svg, .lesson svg").count()).toBeGreaterThan(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.keyboard.press("h");
    await page.locator("aside", { hasText: hint }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe(lang === "zh" ? "zh-CN" : "en");
    // Why, in real life, and two more steps, which are skipped.
    run.type("\n\n\ns\ns\n");
    await page.locator("h1", { hasText: end }).waitFor();
    expect((await run.finished).exitCode).toBe(0);
    expect(amiss).toEqual([]);
  },
);

/** @returns what a line that is typed on behalf of somebody else is answered with */
function statusOf(address: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request(address, { method: "POST", headers }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end("q");
  });
}
