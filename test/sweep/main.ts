import { dirname } from "node:path";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ARRANGEMENTS, type Arrangement, type Kind, type Signal, SIGNALS, type Stage, STAGES } from "./arrangements.js";
import { tryCell } from "./cell.js";
import { sweepTables, type Tried } from "./table.js";

/**
 * `npm run sweep`: each kind of process of each topology is killed and stopped at every stage of a run. Every run has to
 * end with exit code 3 and a sentence within 35 s, and to leave nothing behind. Prints tables in Markdown; exit code 1
 * where a cell is bad. Narrowed by lists: `npm run sweep -- --topology nat,proxy --process agent --signal SIGSTOP --stage
 * loading --at-once 4`
 */
const { values } = parseArgs({
  options: {
    topology: { type: "string", default: "" },
    process: { type: "string", default: "" },
    signal: { type: "string", default: "" },
    stage: { type: "string", default: "" },
    "at-once": { type: "string", default: "3" },
  },
});

function asked(list: string, name: string): boolean {
  return list === "" || list.split(",").some((part) => name.startsWith(part));
}

const cli = `${root()}/dist/cli.js`;
const arrangements = ARRANGEMENTS.filter(({ name }) => asked(values.topology, name));
const queue = arrangements.flatMap((arrangement) =>
  arrangement.kinds
    .filter(({ name }) => asked(values.process, name))
    .flatMap((kind) =>
      kind.stages
        .filter((stage) => asked(values.stage, stage))
        .flatMap((stage) =>
          SIGNALS.filter((signal) => asked(values.signal, signal)).map((signal) => ({
            arrangement,
            kind,
            stage,
            signal,
          })),
        ),
    ),
);
const tried: Tried[] = [];
const total = queue.length;

await Promise.all(Array.from({ length: Number(values["at-once"]) }, lane));
process.stdout.write(`${sweepTables(tried, arrangements)}\n`);
const bad = tried.filter(({ cell }) => cell.fault !== null);
process.stdout.write(`${total} cells tried, ${bad.length} bad; stages: ${STAGES.join(", ")}.\n`);
process.exitCode = bad.length > 0 ? 1 : 0;

async function lane(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) await one(next);
}

async function one({
  arrangement,
  kind,
  stage,
  signal,
}: {
  arrangement: Arrangement;
  kind: Kind;
  stage: Stage;
  signal: Signal;
}): Promise<void> {
  const cell = await tryCell(cli, arrangement, { kind, stage, signal });
  tried.push({ arrangement, kind: kind.name, stage, signal, cell });
  const how = cell.fault ?? `${(cell.tookMs / 1_000).toFixed(1)} s: ${cell.said}`;
  process.stderr.write(`${tried.length}/${total} ${arrangement.name}, ${kind.name}, ${stage}, ${signal}: ${how}\n`);
}

/** The project's folder: this file runs from a cache inside it. */
function root(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(`${folder}/dist/cli.js`)) folder = dirname(folder);
  return folder;
}
