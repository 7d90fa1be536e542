import { startClient } from "../../src/client/conduct.js";
import { libraryName } from "../../src/client/library-name.js";
import { openLab } from "../../src/lab/open.js";
import { ownFile } from "../../src/places.js";
import { benchVersion, describeEnvironment } from "../../src/result/environment.js";
import { startServer } from "../../src/server/start.js";

/** The code of the product that a benchmark calls. What is measured, it starts from `dist/`: as users run it. */
export const PRODUCT = { startClient, libraryName, openLab, benchVersion, describeEnvironment, startServer };
export type Product = typeof PRODUCT;

/** The project's folder. */
export function root(): string {
  return ownFile(".");
}
