import type { Definition } from "../definition.js";
import { RUN } from "../run-options.js";
import { LIST, SHOW, INIT } from "./scenarios.js";
import { REPORT, REPLAY, COMPARE } from "./results.js";
import { STATES, WATCH, DOCTOR } from "./machine.js";
import { AUDIT, WORKSHOP } from "./taught.js";
import { EXPORT, IMPORT } from "./handover.js";
import { COMPLETION, HELP } from "./helping.js";

/** The commands, as help, completion and the reading of their arguments see them. */

/** In the order in which the help shows them. */
const ALL = [
  RUN,
  INIT,
  LIST,
  SHOW,
  REPORT,
  REPLAY,
  COMPARE,
  STATES,
  WATCH,
  AUDIT,
  WORKSHOP,
  EXPORT,
  IMPORT,
  DOCTOR,
  COMPLETION,
  HELP,
] as const;
export type CommandName = (typeof ALL)[number]["name"];
export const COMMANDS: readonly (Definition & { name: CommandName })[] = ALL;
