import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";

/**
 * Who is who in a lab's user namespace (user_namespaces(7)). With root all ids are what they are outside, so that programs
 * change to accounts of their own, and give files to them. A user is root there, for that is what makes hosts; his
 * programs are led back to his own id.
 */

const ROOT = 0;

/**
 * Maps the ids of a process that lives in a new user namespace.
 * @returns whether accounts are among them: all for root, and for a user those that he has by subuid(5)
 * @throws the errno's error where that is not permitted
 */
export function mapIds(pid: number): boolean {
  const [user, group] = [process.geteuid!(), process.getegid!()];
  if (user === ROOT ? mapAllIds(pid) : mapSubordinateIds(pid)) return true;
  writeFileSync(`/proc/${pid}/uid_map`, `${ROOT} ${user} 1`);
  // Whoever may not give himself any group may not leave one either.
  writeFileSync(`/proc/${pid}/setgroups`, "deny");
  writeFileSync(`/proc/${pid}/gid_map`, `${ROOT} ${group} 1`);
  return false;
}

/** By programs of the machine's that may do that for a user (newuidmap(1)), where it has them. */
function mapSubordinateIds(pid: number): boolean {
  const own = { newuidmap: process.geteuid!(), newgidmap: process.getegid!() };
  try {
    const { username, uid } = userInfo();
    const of = (file: string): string[] => subordinateIds(readFileSync(file, "utf8"), [username, String(uid)]) ?? [];
    const ids = { newuidmap: of("/etc/subuid"), newgidmap: of("/etc/subgid") };
    if (Object.values(ids).some(({ length }) => length === 0)) return false;
    for (const tool of ["newuidmap", "newgidmap"] as const)
      execFileSync(tool, [pid, ROOT, own[tool], 1, ...ids[tool]].map(String), { stdio: "ignore" });
    return true;
  } catch {
    // No such program, or not for this user: what newuidmap has mapped then is his own id at least.
    return false;
  }
}

/** @returns from which id on in the namespace, which id that is outside, and how many; null for none */
export function subordinateIds(text: string, names: readonly string[]): string[] | null {
  const line = text.split("\n").find((one) => names.includes(one.split(":")[0] ?? ""));
  const [, first, count] = /^[^:]+:(\d+):(\d+)$/u.exec(line?.trim() ?? "") ?? [];
  return first === undefined || count === undefined ? null : ["1", first, count];
}

/** @returns false where this root may not: in a container that has taken CAP_SETUID or CAP_SETFCAP from it */
function mapAllIds(pid: number): boolean {
  try {
    for (const map of ["uid_map", "gid_map"])
      writeFileSync(`/proc/${pid}/${map}`, asThemselves(readFileSync(`/proc/self/${map}`, "latin1")));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
    return false;
  }
}

/** The ids that are mapped here, each to itself. @param map lines of: first id here, first id outside, how many */
export function asThemselves(map: string): string {
  return map
    .split("\n")
    .map((line) => line.trim().split(/\s+/u))
    .filter(([first = ""]) => first !== "")
    .map(([first, , count]) => `${first} ${first} ${count}\n`)
    .join("");
}

/** Whether it is the account of whoever runs bench, which he need not change to. */
export function isOwnAccount(account: string): boolean {
  try {
    return userInfo().username === account;
  } catch {
    // A number without a name, as containers have them.
    return false;
  }
}

/** What to put before a program so that it is another account's, in whose groups it is then. */
export function intoAccount(account: string): string[] {
  const change = 'exec setpriv --reuid="$0" --regid="$(id -g "$0")" --init-groups -- "$@"';
  return account === "root" ? [] : ["/bin/sh", "-c", change, account];
}

/** What to put before a program in a lab so that it is this user's again; nothing for root, who is root there too. */
export function intoUser(): string[] {
  const [user, group] = [process.geteuid!(), process.getegid!()];
  return user === ROOT ? [] : ["unshare", "--user", `--map-user=${user}`, `--map-group=${group}`, "--"];
}
