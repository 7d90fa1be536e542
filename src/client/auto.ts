import { LibcUnavailableError } from "../kernel/libc.js";
import { socketCalls } from "../kernel/socket.js";
import type { ClientKind } from "../scenario/types.js";

/** Where the kernel's interface is the one that the client epoll was written for. */
const KNOWN = new Set(["linux x64", "linux arm64"]);

/** What `client: auto` stands for on this machine, tried by really loading it, and why when it is not the quick one. */
export function autoClient(platform: string, architecture: string): { client: ClientKind; reason: string | null } {
  if (!KNOWN.has(`${platform} ${architecture}`))
    return {
      client: "undici",
      reason: `the client epoll is for Linux on x64 and arm64, not ${platform} on ${architecture}`,
    };
  try {
    socketCalls();
    return { client: "epoll", reason: null };
  } catch (error) {
    if (!(error instanceof LibcUnavailableError)) throw error;
    return { client: "undici", reason: error.message };
  }
}
