/** `npm run kernels`: runs bench under Debian's kernels, and puts the verdicts of claims by kernel into their page. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { RunResult } from "../../src/result/types.js";
import { jobs, orderOf } from "./jobs.js";
import { boot, fetchKernel, makeInitrd, missingPrograms, type Series, SUITES } from "./machine.js";
import { type Column, inPage, listedIn, outcomeOf, type Outcome, tableOf } from "./table.js";

const ROOT = process.cwd();
const CACHE = join(ROOT, "node_modules/.cache/time-wait-bench-kernels");
const OUT = join(CACHE, "out");
const SCRIPTS = join(ROOT, "test/kernels");
const PAGE = join(ROOT, "scenarios/claims/README.md");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    claims: { type: "string" },
    accelerator: { type: "string", default: "tcg,thread=multi" },
    processors: { type: "string", default: "1" },
    minutes: { type: "string", default: "120" },
    table: { type: "boolean", default: false },
  },
});

function columnIn(out: string): Column {
  const kernel = readFileSync(join(out, "kernel"), "utf8").trim();
  const verdicts: Record<string, Outcome> = {};
  for (const file of readdirSync(out)) {
    const name = /^claim\.(.+)\.code$/u.exec(file)?.[1];
    if (name === undefined) continue;
    const result = join(out, `claim.${name}.json`);
    const { claim } = existsSync(result) ? (JSON.parse(readFileSync(result, "utf8")) as Partial<RunResult>) : {};
    const code = Number(readFileSync(join(out, file), "utf8"));
    verdicts[name] = outcomeOf(claim ?? null, code);
  }
  return { kernel, verdicts };
}

async function run(series: Series): Promise<void> {
  const kernel = fetchKernel(series, CACHE);
  const out = join(OUT, series);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const all = readdirSync(join(ROOT, "scenarios/claims"))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length));
  writeFileSync(join(out, "order"), orderOf(jobs(values.claims?.split(",") ?? all)));
  console.log(`${series}: ${kernel.release}`);
  const limitMs = Number(values.minutes) * 60_000;
  const { accelerator, processors } = values;
  const initrd = makeInitrd(kernel, SCRIPTS, CACHE);
  await boot({ kernel, initrd, checkout: ROOT, out, accelerator, processors: Number(processors), limitMs });
  const { verdicts } = existsSync(join(out, "kernel")) ? columnIn(out) : { verdicts: {} };
  console.log(`${series}: ${Object.keys(verdicts).length} verdicts; see ${out}`);
}

const missing = missingPrograms();
if (missing.length > 0) throw new Error(`install these first: ${missing.join(", ")}`);
const asked = (positionals.length > 0 ? positionals : Object.keys(SUITES)) as Series[];
for (const series of asked) {
  if (!(series in SUITES)) throw new Error(`there are ${Object.keys(SUITES).join(", ")}, and no ${series}`);
  if (!values.table) await run(series);
}
const columns = asked
  .map((series) => join(OUT, series))
  .filter((out) => existsSync(join(out, "kernel")))
  .map(columnIn);
if (columns.length === 0) throw new Error(`no kernel booted; this machine has ${release()}`);
const page = readFileSync(PAGE, "utf8");
const table = tableOf(columns, listedIn(page));
writeFileSync(PAGE, inPage(page, table));
console.log(table);
