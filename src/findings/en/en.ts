import type { Catalogue } from "../types.js";
import { CABLES } from "./cables.js";
import { CAPS } from "./caps.js";
import { ENDS } from "./closers.js";
import { FAILURES } from "./failures.js";
import { FORECASTS } from "./forecasts.js";
import { HOLDERS } from "./holders.js";
import { HOSTS } from "./hosts.js";
import { WAITS } from "./starved.js";
import { REMEDY_TEXTS } from "./remedies.js";

/** English. */
export const EN: Catalogue = {
  findings: { ...FAILURES, ...CABLES, ...HOSTS, ...HOLDERS, ...ENDS, ...WAITS, ...CAPS, ...FORECASTS },
  remedies: REMEDY_TEXTS,
};
