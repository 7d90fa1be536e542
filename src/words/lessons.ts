import { LESSONS as EN } from "./en/lessons.js";
import { sayer } from "./sayer.js";
import { LESSONS as ZH } from "./zh/lessons.js";

/** What is said around the texts of a lesson. The page for the projector gets it as data, and has no need of the words. */
export const sayInLesson = sayer(EN, ZH);
