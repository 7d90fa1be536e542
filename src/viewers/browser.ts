import { spawn } from "node:child_process";

/** What of a user's environment says how a page is opened. */
export type BrowserEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The command that opens a page: what BROWSER names, else the desktop's. null where there is nobody to look at it: in CI, or
 * without a desktop.
 */
export function browserCommand(env: BrowserEnvironment): string | null {
  const is = (name: string): boolean => (env[name] ?? "") !== "";
  if (is("CI") && env["CI"] !== "false") return null;
  if (is("BROWSER")) return env["BROWSER"]!;
  return is("DISPLAY") || is("WAYLAND_DISPLAY") ? "xdg-open" : null;
}

/** Opens it in a process that is nobody's child, so that the browser outlives us. What goes wrong is no matter. */
export function openInBrowser(command: string, address: string): void {
  // `%s` is where xdg-open and others want the address; without one it is the last argument.
  const program = 'case "$1" in *%s*) $(printf "$1" "$2") ;; *) "$1" "$2" ;; esac >/dev/null 2>&1 &';
  const child = spawn("/bin/sh", ["-c", program, "sh", command, address], { detached: true, stdio: "ignore" });
  child.on("error", () => {});
  child.unref();
}
