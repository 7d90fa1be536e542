import type { ToolName } from "../../scenario/types.js";
import { ab } from "./ab.js";
import { fortio } from "./fortio.js";
import { h2load } from "./h2load.js";
import { hey } from "./hey.js";
import { k6 } from "./k6.js";
import { oha } from "./oha.js";
import { siege } from "./siege.js";
import type { Tool } from "./types.js";
import { vegeta } from "./vegeta.js";
import { wrk, wrk2 } from "./wrk.js";

/** Load generators of other people, by the name of the program. */
export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  wrk,
  wrk2,
  ab,
  h2load,
  hey,
  oha,
  k6,
  vegeta,
  fortio,
  siege,
};
