import { AUDIT as EN } from "./en/audit.js";
import { sayer } from "./sayer.js";
import { AUDIT as ZH } from "./zh/audit.js";

/** What is said around the figures of an audit. */
export const sayInAudit = sayer(EN, ZH);
