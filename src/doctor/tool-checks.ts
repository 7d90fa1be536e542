import { execa } from "execa";
import { BenchError } from "../errors.js";
import { SBIN } from "../lab/types.js";
import { buildGoServer } from "../server/go.js";
import { fails, type Finding, lacks, works } from "./types.js";

const OLDEST_NODE = [20, 19] as const;

interface Tool {
  name: string;
  /** Makes it say its version. */
  args: string[];
  /** Debian's package, or another way to get it. */
  from: string;
  why: string;
}

const NEEDED: readonly Tool[] = [
  { name: "unshare", args: ["--version"], from: "util-linux", why: "makes the lab's namespaces" },
  { name: "nsenter", args: ["--version"], from: "util-linux", why: "makes the lab's namespaces" },
  { name: "setpriv", args: ["--version"], from: "util-linux", why: "ends the lab with bench" },
  { name: "ip", args: ["-V"], from: "iproute2", why: "wires the lab's hosts" },
];

const OPTIONAL: readonly Tool[] = [
  { name: "ss", args: ["-V"], from: "iproute2", why: "to look into a lab yourself" },
  { name: "conntrack", args: ["--version"], from: "conntrack", why: "to look at a NAT's table" },
  { name: "nginx", args: ["-v"], from: "nginx-light", why: "for the topology proxy" },
  { name: "haproxy", args: ["-v"], from: "haproxy", why: "for the topology proxy, as another kind" },
  { name: "wrk", args: ["-v"], from: "wrk", why: "to compare load generators" },
];

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
    ? works("node", version)
    : fails("node", version, `Node ${OLDEST_NODE.join(".")} or newer is needed.`);
}

export function checkTools(): Promise<Finding[]> {
  return Promise.all([
    ...NEEDED.map((tool) => check(tool, (why) => fails(tool.name, "not found", `Install ${tool.from}: it ${why}.`))),
    ...OPTIONAL.map((tool) => check(tool, (why) => lacks(tool.name, "not found", `Optional, ${why}: ${tool.from}`))),
  ]);
}

async function check(tool: Tool, missing: (why: string) => Finding): Promise<Finding> {
  for (const program of [tool.name, ...SBIN.split(":").map((folder) => `${folder}/${tool.name}`)]) {
    try {
      const { stdout, stderr } = await execa(program, tool.args, { reject: false, timeout: 5_000, stdin: "ignore" });
      const said = `${stdout}\n${stderr}`.trim().split("\n")[0] ?? "";
      if (said !== "") return works(tool.name, said);
    } catch {
      // Not there; perhaps in the next place.
    }
  }
  return missing(tool.why);
}

/** Really builds the Go server, unless that has been done before. */
export async function checkGo(cacheFolder: string): Promise<Finding> {
  try {
    const { version } = await buildGoServer(cacheFolder);
    return works("go", `${version}, and it builds the Go server`);
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    return lacks("go", error.message, error.hint);
  }
}
