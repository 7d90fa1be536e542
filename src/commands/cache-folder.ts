import { isAbsolute, join } from "node:path";
import type { World } from "./world.js";

/** For what is built once: the user's cache folder, or one under /tmp for users without a home. */
export function cacheFolder({ env, userId }: World): string {
  // A relative path is to be ignored (XDG Base Directory Specification).
  if (env.XDG_CACHE_HOME !== undefined && isAbsolute(env.XDG_CACHE_HOME))
    return join(env.XDG_CACHE_HOME, "time-wait-bench");
  const home = env.HOME ?? "";
  if (home !== "" && home !== "/" && home !== "/nonexistent") return join(home, ".cache", "time-wait-bench");
  return join("/tmp", `time-wait-bench-${userId}`);
}
