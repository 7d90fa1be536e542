import { BenchError } from "../../errors.js";
import { printable } from "../../text/printable.js";
import { caretLines } from "./caret.js";

export interface FaultText {
  /** What is wrong, without a full stop. */
  message: string;
  /** What was probably meant, or what to do. */
  hint?: string;
  /** Set when a scenario would send traffic to another machine. */
  code?: "remote-target";
}

/** Something wrong with a text, at an offset in it. */
export interface Mistake extends FaultText {
  offset: number;
}

/** A mistake at a place of a file. */
export interface FileFault extends FaultText {
  file: string;
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units, as editors count. */
  col: number;
  sourceLine: string;
}

/** A mistake in an option: `--set load.connections=abc`, as it was written. */
export interface OptionFault extends FaultText {
  option: string;
}

export type Fault = FileFault | OptionFault;

const MOST_SHOWN = 20;
/** UTF-16 units; the file may hold a text of any length. */
const LONGEST_SENTENCE = 600;
const HINT = "`bench list` names the scenarios that come with bench, `bench show <name>` shows one.";

/** All that is wrong with a scenario, at once. Options come first, then the file from top to bottom. */
export class ScenarioError extends BenchError {
  readonly faults: readonly Fault[];

  constructor(name: string, found: readonly Fault[]) {
    const faults = inOrder(found);
    const code = faults.some((fault) => fault.code === "remote-target") ? "remote-target" : "bad-scenario";
    super(code, listOfFaults(`The scenario ${printable(name)}`, faults), HINT);
    this.faults = faults;
  }
}

/** `file:line:col: message`, the line, and a caret below it. */
export function renderFault(fault: Fault): string {
  const text = printable(
    fault.hint === undefined ? fault.message : `${fault.message}; ${fault.hint}`,
    LONGEST_SENTENCE,
  );
  if ("option" in fault) return `${printable(fault.option)}: ${text}`;
  const head = `${printable(fault.file)}:${fault.line}:${fault.col}: ${text}`;
  return [head, ...caretLines(fault.sourceLine, fault.col).map((line) => `    ${line}`)].join("\n");
}

/** `The scenario x has 2 mistakes:`, and each of them. */
export function listOfFaults(subject: string, faults: readonly Fault[]): string {
  const count = faults.length === 1 ? "a mistake" : `${faults.length} mistakes`;
  const rest = faults.length - MOST_SHOWN;
  return [
    `${subject} has ${count}:`,
    ...faults.slice(0, MOST_SHOWN).map(renderFault),
    ...(rest > 0 ? [`… and ${rest} more`] : []),
  ].join("\n");
}

/** Sorted by place, and each said once, even if several variants meet it. */
function inOrder(faults: readonly Fault[]): Fault[] {
  const line = (fault: Fault) => ("option" in fault ? 0 : fault.line);
  const col = (fault: Fault) => ("option" in fault ? 0 : fault.col);
  const option = (fault: Fault) => ("option" in fault ? fault.option : "");
  const once = new Map(
    faults.map((fault) => [[option(fault), line(fault), col(fault), fault.message].join("\0"), fault]),
  );
  return [...once.values()].toSorted((a, b) => line(a) - line(b) || col(a) - col(b));
}
