import { NOTICES as EN } from "./en/notices.js";
import { sayer } from "./sayer.js";
import { NOTICES as ZH } from "./zh/notices.js";

/** What just became true, while a run goes on. */
export const sayNotice = sayer(EN, ZH);
