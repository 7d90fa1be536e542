import { styleText } from "node:util";
import { checkLab, checkNamespaces, checkOpenFilesLimit } from "../doctor/lab-checks.js";
import { checkGo, checkNode, checkTools } from "../doctor/tool-checks.js";
import type { Finding } from "../doctor/types.js";
import { EXIT, type ExitCode } from "../errors.js";
import { printable, printableLines } from "../text/printable.js";
import { cacheFolder } from "./cache-folder.js";
import { parse } from "./options.js";
import type { World } from "./world.js";

const MARK = { works: "ok", lacks: "--", fails: "NO" } as const;
const COLOR = { works: "green", lacks: "yellow", fails: "red" } as const;

/** Tries each thing that a run may need, and says what it saw and how to mend what fails. */
export async function doctor(args: readonly string[], world: World): Promise<ExitCode> {
  parse("doctor", args, {});
  const stopped = new Promise<never>((_resolve, reject) => {
    world.interrupted.addEventListener("abort", () => reject(world.interrupted.reason as Error), { once: true });
  });
  stopped.catch(() => {});
  return Promise.race([examine(world), stopped]);
}

async function examine(world: World): Promise<ExitCode> {
  const findings: Finding[] = [];
  const tell = (finding: Finding): void => {
    findings.push(finding);
    world.stdout.write(asText(finding, world.stdout.color));
  };
  tell(checkNode(process.version));
  const namespaces = await checkNamespaces();
  tell(namespaces);
  // Without namespaces a lab would fail for the same reason, said twice.
  if (namespaces.verdict === "works") for (const finding of await checkLab()) tell(finding);
  tell(checkOpenFilesLimit());
  tell(await checkGo(cacheFolder(world)));
  for (const finding of await checkTools()) tell(finding);

  const failed = findings.filter(({ verdict }) => verdict === "fails").map(({ name }) => name);
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
