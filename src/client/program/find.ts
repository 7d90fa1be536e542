import { execFile } from "node:child_process";
import { BenchError } from "../../errors.js";
import { type LoadPlan, TOOL_NAMES, type ToolName } from "../../scenario/types.js";
import { cannotDo } from "../tools/abilities.js";
import { TOOLS } from "../tools/tools.js";

/** It prints a few lines. */
const LONGEST_MS = 10_000;

/** For a shell: installers put programs where not every user's PATH leads. */
export const WITH_TOOLS = 'PATH="$PATH:$HOME/go/bin:$HOME/.cargo/bin:/usr/local/bin"; export PATH;';
const RUN = `${WITH_TOOLS} command -v -- "$0" >/dev/null || exit 127; exec "$0" "$@"`;

export function isTool(client: string): client is ToolName {
  return TOOL_NAMES.some((name) => name === client);
}

/**
 * A load by a tool → the same with its command line, once the tool was found and can do what is asked. Others stay as they are.
 * @throws BenchError `bad-scenario` for what it cannot do, `tool-missing`
 */
export async function withTool(load: LoadPlan): Promise<LoadPlan> {
  const { client, program } = load;
  if (program?.reads !== undefined)
    return { ...load, program: { ...program, tool: { name: program.reads, version: await versionOf(program.reads) } } };
  if (!isTool(client)) return load;
  const tool = TOOLS[client];
  const cannot = cannotDo(tool, load);
  if (cannot !== null)
    throw new BenchError("bad-scenario", `${client} ${cannot}`, "Change that, or take another client: --client epoll");
  const version = await versionOf(client);
  return {
    ...load,
    program: { command: tool.commandLine(load), cwd: "/", tool: { name: client, version } },
  };
}

/** @throws BenchError `tool-missing` */
export async function versionOf(name: ToolName): Promise<string> {
  const { install, versionArgs, versionIn } = TOOLS[name];
  const output = await new Promise<string | null>((resolve) => {
    const options = { timeout: LONGEST_MS, killSignal: "SIGKILL" } as const;
    execFile("/bin/sh", ["-c", RUN, name, ...versionArgs], options, (error, stdout, stderr) =>
      resolve(error !== null && error.code === 127 ? null : `${stdout}\n${stderr}`),
    );
  });
  if (output === null)
    throw new BenchError("tool-missing", `the load generator ${name} was not found`, `Install it: ${install}`);
  const version = versionIn(output);
  if (version !== null) return version;
  const said = output.split("\n").find((line) => line.trim() !== "") ?? "";
  throw new BenchError(
    "tool-missing",
    `${name} does not say a version that is known: ${said.slice(0, 200)}`,
    `Whether it is that program? Else: ${install}`,
  );
}
