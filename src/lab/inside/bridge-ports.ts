import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { monotonicMs } from "../../kernel/clock.js";

const LOOK_EVERY_MS = 10;
/** The kernel looks once a second (net/core/link_watch.c); past that something else is wrong, and shows elsewhere. */
const PATIENCE_MS = 3_000;

interface Link {
  operstate?: string;
  linkinfo?: { info_kind?: string; info_slave_kind?: string; info_slave_data?: { state?: string } };
}

/**
 * A bridge drops what comes to a port until the kernel has noticed that the cable is in, which it does in its own time,
 * up to a second later (net/bridge/br_if.c, br_port_carrier_check). Until then a lab's first SYN would be lost.
 */
export async function untilPortsForward(): Promise<void> {
  const deadline = monotonicMs() + PATIENCE_MS;
  while (!portsForward(await readLinks()) && monotonicMs() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function readLinks(): Promise<string> {
  const { stdout } = await promisify(execFile)("ip", ["-json", "-details", "link", "show"]);
  return stdout;
}

/** Every port of a bridge forwards, and so the bridge itself is up; other cards do not matter. Exported for tests. */
export function portsForward(links: string): boolean {
  return (JSON.parse(links) as Link[]).every(({ operstate, linkinfo = {} }) => {
    if (linkinfo.info_slave_kind === "bridge") return linkinfo.info_slave_data?.state === "forwarding";
    return linkinfo.info_kind !== "bridge" || operstate === "UP";
  });
}
