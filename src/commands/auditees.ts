import type { Auditee } from "../audit/situations.js";
import { BenchError } from "../errors.js";
import { OWN_CLIENTS, TOOL_NAMES } from "../scenario/types.js";
import { suggestion } from "./options.js";

/** Who is to be audited, by the words of the command line. */

const KNOWN: readonly string[] = [...TOOL_NAMES, ...OWN_CLIENTS];
const EXAMPLE = "bench audit wrk -- -c 10 -d 2s {url}";
const PLACES = /\{(?:url|host|port|path)\}/u;
/** An address as tools take it, without its path. */
const ADDRESS = /https?:\/\/[^/?#\s'"]+/gu;

/** `--` and what stands behind it; null: there is none. */
export function splitArgs(args: readonly string[]): { before: readonly string[]; command: readonly string[] | null } {
  const at = args.indexOf("--");
  return at < 0 ? { before: args, command: null } : { before: args.slice(0, at), command: args.slice(at + 1) };
}

/** @throws BenchError `bad-usage` */
export function auditeesFrom(names: readonly string[], command: readonly string[] | null): Auditee[] {
  const [name, ...more] = names;
  if (name === undefined)
    throw new BenchError("bad-usage", "bench audit needs a program", `It knows ${KNOWN.join(", ")}.`);
  if (command !== null) {
    if (more.length > 0) throw new BenchError("bad-usage", "a command line is of one program", `Example: ${EXAMPLE}`);
    return [withCommand(name, command)];
  }
  const unknown = names.find((one) => !KNOWN.includes(one));
  if (unknown !== undefined)
    throw new BenchError(
      "bad-usage",
      `bench audit does not know how ${unknown} is called`,
      suggestion(unknown, KNOWN, `Give its command line: bench audit ${unknown} -- … {url}`),
    );
  return [...new Set(names)].map((client) => ({ name: client, client, command: null, isOurs: isOwn(client) }));
}

function isOwn(name: string): boolean {
  return OWN_CLIENTS.some((own) => own === name);
}

function withCommand(name: string, words: readonly string[]): Auditee {
  if (isOwn(name))
    throw new BenchError("bad-usage", `${name} is a client of ours, and has no command line`, `bench audit ${name}`);
  // One word with spaces in it is a line for the shell, with its pipes and quotes.
  const [only = ""] = words;
  const isLine = words.length === 1 && /\s/u.test(only);
  const isNamed = isLine || (only.split("/").at(-1) === name && words.length > 1);
  const told = isLine ? only : words.map(quoted).join(" ");
  const line = inTheLab(isNamed ? told : `${quoted(name)} ${told}`);
  const reads = TOOL_NAMES.find((tool) => tool === name) ?? null;
  return { name, client: "command", command: { line, reads }, isOurs: false };
}

/** Whatever address it names becomes the lab's: nothing goes to a real service. @throws BenchError `bad-usage` */
function inTheLab(line: string): string {
  const moved = line.replaceAll(ADDRESS, "http://{host}:{port}");
  if (PLACES.test(moved)) return moved;
  throw new BenchError("bad-usage", "the command line names no address", `Write {url} where it goes: ${EXAMPLE}`);
}

/** For a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./{}-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
