import { LIVE } from "./live.js";
import { PAGE } from "./page.js";
import { REPORT } from "./report.js";

/** Chinese (simplified). */
export const ZH = { ...REPORT, ...PAGE, ...LIVE } as const;

export { ZH_NOUNS, ZH_TERMS } from "./nouns.js";
