// `npm run picture`: the report of results/sample.json as a page, as Chromium draws it → results/report.png.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SIZE = { width: 1000, height: 935 };

const folder = mkdtempSync(join(tmpdir(), "time-wait-bench-picture-"));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const file = join(folder, "sample.html");
  execFileSync(process.execPath, ["dist/cli.js", "report", "results/sample.json", "--output", file], { cwd: ROOT });
  const page = await browser.newPage({ viewport: SIZE });
  await page.goto(pathToFileURL(file).href);
  await page.screenshot({ path: join(ROOT, "results/report.png") });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
