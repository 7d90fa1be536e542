import { readFileSync } from "node:fs";
import { ownFile } from "../places.js";

export interface Assets {
  style: string;
  script: string;
}

/** As `npm run build` made them. */
export function readAssets(): Assets {
  const read = (name: string): string => readFileSync(ownFile(`dist/page/${name}`), "utf8");
  return { style: read("page.css"), script: read("page.js") };
}
