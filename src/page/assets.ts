import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import { ownFile } from "../places.js";

export interface Assets {
  style: string;
  script: string;
}

/** As `npm run build` made them. */
export function readAssets(): Assets {
  return { style: read("page.css"), script: read("page.js") };
}

/** Those of a page that follows a run. */
export function readLiveAssets(): Assets {
  return { style: read("page.css") + read("live.css"), script: read("live.js") };
}

function read(name: string): string {
  return brotliDecompressSync(readFileSync(ownFile(`dist/page/${name}.br`))).toString("utf8");
}
