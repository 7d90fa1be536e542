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
  // As xdg-open reads BROWSER: commands between colons, of which the first that works opens it. A command may have arguments;
  // `%s` is where it wants the address, which else is the last of them.
  const program = `address=$2; set -f; IFS=:; set -- $1; unset IFS
for browser do
  case $browser in *%s*) $(printf "$browser" "$address") ;; *) $browser "$address" ;; esac && exit
done`;
  const child = spawn("/bin/sh", ["-c", program, "sh", command, address], { detached: true, stdio: "ignore" });
  child.on("error", () => {});
  child.unref();
}
