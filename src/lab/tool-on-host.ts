import { answerOf } from "../waiting/answer.js";
import { type Host, SBIN } from "./types.js";

/** Runs a program on a host, to its end. @returns why it failed, null when it did not, and what it printed */
export async function runTool(
  host: Pick<Host, "spawn">,
  tool: string,
  args: readonly string[],
): Promise<{ lack: string | null; code: number | null; lines: string[] }> {
  const lines: string[] = [];
  const quoted = args.map((arg) => `'${arg.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  // A program of ours, with the rights that make hosts: a line for `shell` is the user's, and runs as he does.
  const commandLine = `PATH="$PATH:${SBIN}" exec ${tool} ${quoted}`;
  const process = await host.spawn({ label: tool, program: { file: "/bin/sh", args: ["-c", commandLine] } });
  process.onLine((line) => lines.push(line));
  const { code, signal, lastLines } = await answerOf(process.exited, (why) => new Error(`${tool} ${why}`));
  return { lack: code === 0 ? null : (lastLines.at(-1) ?? `${tool} ended with ${signal ?? code}`), code, lines };
}
