import { LIVE } from "./live.js";
import { PAGE } from "./page.js";
import { REPORT } from "./report.js";

/**
 * What reports and pages say of their own, by key; `{name}` is filled in. Names of metrics, states and settings are no words:
 * they stand as they are. What a run tells of itself stands in `findings/`.
 */
export const EN = { ...REPORT, ...PAGE, ...LIVE } as const;
