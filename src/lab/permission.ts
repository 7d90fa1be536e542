import { existsSync, readFileSync } from "node:fs";

/** What to do where namespaces are forbidden, by what this machine shows as the reason. One way a line. */
export function howToPermit(): string {
  const ways: string[] = [];
  if (read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") === "1")
    ways.push(
      "Ubuntu restricts user namespaces by AppArmor; permit them: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    );
  if (read("/proc/sys/kernel/unprivileged_userns_clone") === "0")
    ways.push("Permit user namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1");
  if (read("/proc/sys/user/max_user_namespaces") === "0")
    ways.push("Permit user namespaces: sudo sysctl -w user.max_user_namespaces=15000");
  if (read("/proc/sys/user/max_net_namespaces") === "0")
    ways.push("Permit network namespaces: sudo sysctl -w user.max_net_namespaces=15000");
  if (existsSync("/.dockerenv") || existsSync("/run/.containerenv"))
    ways.push(
      "In a container: start it with --cap-add SYS_ADMIN --cap-add NET_ADMIN --security-opt seccomp=unconfined " +
        "--security-opt apparmor=unconfined --security-opt systempaths=unconfined",
    );
  ways.push("Or run as root: sudo npx bench …");
  ways.push("Or go without: --isolation none runs on loopback and counts only the sockets of the run's own port.");
  return ways.join("\n");
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "latin1").trim();
  } catch {
    return undefined;
  }
}
