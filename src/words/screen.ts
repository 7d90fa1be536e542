import { SCREEN as EN } from "./en/screen.js";
import { sayer } from "./sayer.js";
import { SCREEN as ZH } from "./zh/screen.js";

/** What stands on a terminal while a run goes on. */
export const sayOnScreen = sayer(EN, ZH);
