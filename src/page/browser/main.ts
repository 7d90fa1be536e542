import { keepRaw } from "./raw.js";
import { crosshairs } from "./crosshair.js";
import { openForPrint } from "./print.js";

/** What the page cannot do without a script. Everything on it can be read without one. */
crosshairs(document);
keepRaw(document);
openForPrint(window);
