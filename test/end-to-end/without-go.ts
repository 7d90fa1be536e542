import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../support/temporary.js";

/** A folder for PATH with what a lab needs, and no Go. */
export function withoutGo(): string {
  const folder = temporaryFolder();
  for (const tool of ["unshare", "nsenter", "setpriv", "ip", "sh", "cat"])
    symlinkSync(execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim(), join(folder, tool));
  return folder;
}
