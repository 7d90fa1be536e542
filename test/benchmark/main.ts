import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { programFolders } from "./find-peers.js";
import { markdownOf } from "./markdown.js";
import { type BenchmarkOptions, parseOptions, USAGE } from "./options.js";
import { PRODUCT, root } from "./product.js";
import { runBenchmark, withCosts, type World } from "./run.js";
import type { BenchmarkResult } from "./types.js";

/** `npm run benchmark`: progress to stderr, everything into results/benchmark.json, the table to stdout. */
const RESULT = join(root(), "results/benchmark.json");

const options = optionsOrUsage(process.argv.slice(2));
if (options !== null) {
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  const world: World = {
    product: PRODUCT,
    folders: programFolders(process.env),
    signal: interrupt.signal,
    tell: (line) => void process.stderr.write(`${line}\n`),
  };
  const result = options.onlyCosts ? await withCosts(last(), options, world) : await runBenchmark(options, world);
  save(result);
  process.stdout.write(markdownOf(result));
}

function optionsOrUsage(args: readonly string[]): BenchmarkOptions | null {
  try {
    return parseOptions(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return null;
  }
}

function last(): BenchmarkResult {
  return JSON.parse(readFileSync(RESULT, "utf8")) as BenchmarkResult;
}

/** Whole or not at all. */
function save(result: BenchmarkResult): void {
  mkdirSync(join(root(), "results"), { recursive: true });
  writeFileSync(`${RESULT}.part`, JSON.stringify(result, null, 2) + "\n");
  renameSync(`${RESULT}.part`, RESULT);
}
