import { DOCTOR } from "./definitions/machine.js";
import { styleText } from "node:util";
import { checkLab, checkNamespaces, checkOpenFilesLimit } from "../doctor/lab-checks.js";
import { checkGo, checkNode, checkTools } from "../doctor/tool-checks.js";
import type { Finding } from "../doctor/types.js";
import { EXIT, type ExitCode } from "../errors.js";
import { inJson, printable, printableLines } from "../text/printable.js";
import { cacheFolder } from "./cache-folder.js";
import { parse, requireNothing } from "./options.js";
import type { World } from "./world.js";

const MARK = { works: "ok", lacks: "--", fails: "NO" } as const;
const CLEAR_LINE = "\r\u001B[K";
const COLOR = { works: "green", lacks: "yellow", fails: "red" } as const;

/** Tries each thing that a run may need, and says what it saw and how to mend what fails. */
export async function doctor(args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = parse(DOCTOR, args);
  requireNothing("doctor", positionals);
  const stopped = new Promise<never>((_resolve, reject) => {
    world.interrupted.addEventListener("abort", () => reject(world.interrupted.reason as Error), { once: true });
  });
  stopped.catch(() => {});
  return Promise.race([examine(world, values.format), stopped]);
}

async function examine(world: World, format: "terminal" | "json"): Promise<ExitCode> {
  const findings: Finding[] = [];
  const tell = (finding: Finding): void => {
    findings.push(finding);
    if (format === "terminal") world.stdout.write(asText(finding, world.stdout.color));
  };
  // Some of it takes its time, and who waits wants to know for what.
  const trying = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const inPlace = world.stderr.color;
    world.stderr.write(inPlace ? `trying ${what} …` : `trying ${what}\n`);
    return work().finally(() => inPlace && world.stderr.write(CLEAR_LINE));
  };
  tell(checkNode(process.version));
  const namespaces = await trying("namespaces", checkNamespaces);
  tell(namespaces);
  // Without namespaces a lab would fail for the same reason, said twice.
  if (namespaces.verdict === "works") for (const finding of await trying("a lab of two hosts", checkLab)) tell(finding);
  tell(checkOpenFilesLimit());
  tell(await trying("go, which may take a minute to build the first time", () => checkGo(cacheFolder(world))));
  for (const finding of await trying("programs", checkTools)) tell(finding);

  const failed = findings.filter(({ verdict }) => verdict === "fails").map(({ name }) => name);
  if (format === "json") {
    world.stdout.write(
      `${inJson(JSON.stringify({ schemaVersion: 1, ready: failed.length === 0, findings }, null, 2))}\n`,
    );
    return failed.length === 0 ? EXIT.ok : EXIT.incomplete;
  }
  world.stdout.write(
    failed.length === 0
      ? "\nThis machine can do the main job: bench run close-vs-keepalive\n"
      : `\nThis machine cannot do the main job as it should: ${failed.join(", ")}\n`,
  );
  return failed.length === 0 ? EXIT.ok : EXIT.incomplete;
}

function asText({ name, verdict, detail, hint }: Finding, color: boolean): string {
  const mark = color ? styleText(COLOR[verdict], MARK[verdict], { validateStream: false }) : MARK[verdict];
  const mend = hint === "" ? [] : printableLines(hint).map((way) => `${" ".repeat(16)}→ ${way}\n`);
  return `${mark}  ${name.padEnd(12)}${printable(detail)}\n${mend.join("")}`;
}
