import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { BenchError } from "../errors.js";
import { EXTENSION, OWN_FOLDER } from "./folders.js";
import { parseScenario } from "./parse.js";

/** A first scenario for somebody's own service, with comments. */

export interface StarterAsked {
  /** How the service is started; null: `npm start` where there is such a script, else the embedded server. */
  command: string | null;
  /** null: the default. */
  port: number | null;
  path: string;
}

/** @param path of the new file. @throws BenchError: it exists, it cannot be written, or what was asked fits no scenario */
export async function writeStarter(path: string, shownAs: string, asked: StarterAsked): Promise<void> {
  if (!EXTENSION.test(path))
    throw new BenchError("bad-usage", `${shownAs} does not end in .yaml`, "Example: --output my-service.yaml");
  const command = asked.command ?? (await startScript(dirname(path)));
  const text = starterText({ ...asked, command }, schemaFrom(dirname(path)));
  parseScenario(text, { name: basename(path).replace(EXTENSION, ""), file: shownAs });
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const exists = code === "EEXIST";
    throw new BenchError(
      "output-not-writable",
      exists ? `${shownAs} exists, and is left as it is` : `${shownAs} cannot be written (${code ?? "unknown"})`,
      exists ? "Choose another name: --output other.yaml" : "Choose another place: --output other.yaml",
    );
  }
}

/** `npm start`, where package.json says what that is. */
async function startScript(folder: string): Promise<string | null> {
  try {
    const { scripts } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
      scripts?: Record<string, unknown>;
    };
    return typeof scripts?.["start"] === "string" ? "npm start" : null;
  } catch {
    return null;
  }
}

function schemaFrom(folder: string): string {
  const path = relative(folder, join(OWN_FOLDER, "scenario.schema.json"));
  return path.startsWith(".") ? path : `./${path}`;
}

function starterText({ command, port, path }: StarterAsked, schema: string): string {
  const example = "node server.js --listen {host}:{port}";
  const server =
    command === null
      ? [
          "  kind: node # the embedded server, so that this runs as it is. Your own, instead of this line:",
          "  # kind: command",
          `  # command: ${JSON.stringify(example)}`,
        ]
      : ["  kind: command", `  command: ${JSON.stringify(command)}`];
  return `# yaml-language-server: $schema=${schema}
title: My service, with and without keep-alive

# What is measured. A command is run by sh -c in the folder of this file (cwd: says another one). {host} and {port} stand
# for where it has to listen: in the lab that is an address of its own, not 127.0.0.1. \${host} is left to the shell.
server:
${server.join("\n")}
  port: ${port ?? 8080}
${command === null ? "  # env" : "  env"}: { HOST: "{host}", PORT: "{port}" } # what many services read
${command === null ? "  # ready" : "  ready"}: tcp # it accepts connections; or { http: /health }, or { line: "^listening" }

load:
  path: ${JSON.stringify(path)}
  connections: 10 # open at the same time
  duration: 5s

# Each is measured in a lab of its own, and changes what stands above.
variants:
  close: { load: { connection: close } } # a connection for each request
  keep-alive: { load: { connection: keep-alive } } # connections that are used again

# Exit code 1 where one of these does not hold.
expect:
  - close.requests.failed == 0
  - keep-alive.requests.failed == 0
  - keep-alive.connections.opened < 0.5 * close.connections.opened # it lets connections be used again

# The same for \`bench compare\` and two revisions: bench run <this file> --base-ref main
gates:
  - connections.perRequest not worse
`;
}
