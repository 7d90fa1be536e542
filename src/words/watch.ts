import { WATCH as EN } from "./en/watch.js";
import { sayer } from "./sayer.js";
import { WATCH as ZH } from "./zh/watch.js";

/** What `bench watch` says. */
export const sayOnWatch = sayer(EN, ZH);
