import { BenchError } from "../errors.js";
import { printable } from "../text/printable.js";
import { parseGate } from "./expect/gate.js";
import { readScenarioText } from "./read.js";
import { positionsIn } from "./source/caret.js";
import { listOfFaults, type Mistake } from "./source/faults.js";
import { locator, offsetWithin } from "./source/locate.js";
import { toPlain } from "./source/plain.js";
import { readYaml } from "./source/yaml.js";
import type { Gate } from "./types.js";

const HINT = "It is a YAML list of gates: `- connections.perRequest not worse`.";

/**
 * Gates from a file of their own.
 * @param shownAs how messages call it
 * @param variants of which a gate may speak
 * @throws BenchError `bad-gate`
 */
export async function readGates(path: string, shownAs: string, variants: readonly string[]): Promise<Gate[]> {
  const text = await readScenarioText(path, shownAs).catch((error: unknown) => {
    throw error instanceof BenchError ? new BenchError("bad-gate", error.message, HINT) : error;
  });
  return parseGates(text, shownAs, variants);
}

/** A list, or a map with the list as `gates`, as it stands in a scenario. @throws BenchError `bad-gate` */
export function parseGates(text: string, file: string, variants: readonly string[]): Gate[] {
  const yaml = readYaml(text);
  const { data, mistakes, targets } = toPlain(yaml.root);
  const inMap = typeof data === "object" && data !== null && !Array.isArray(data) && Object.hasOwn(data, "gates");
  const list = inMap ? (data as { gates: unknown }).gates : data;
  const found: Mistake[] = [...yaml.mistakes, ...mistakes];
  const gates: Gate[] = [];
  const locate = locator(yaml.root, targets);
  if (!Array.isArray(list) || list.length === 0) {
    if (found.length === 0) found.push({ offset: 0, message: "the file holds no list of gates" });
  } else
    for (const [index, item] of list.entries()) {
      const { value, node } = locate(inMap ? ["gates", index] : [index]);
      const from = value?.from ?? 0;
      const parsed = typeof item === "string" ? parseGate(item, variants) : null;
      if (parsed === null) found.push({ offset: from, message: "a gate must be text" });
      else if (parsed.ok) gates.push(parsed.gate);
      else
        for (const { offset, ...said } of parsed.faults)
          found.push({ offset: Math.max(from, offsetWithin(node, text, offset)), ...said });
    }
  if (found.length === 0) return gates;
  const positions = positionsIn(text);
  const faults = found.map(({ offset, ...said }) => Object.assign(said, { file }, positions(offset)));
  throw new BenchError("bad-gate", listOfFaults(`The file of gates ${printable(file)}`, faults), HINT);
}
