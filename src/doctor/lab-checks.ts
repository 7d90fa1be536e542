import { randomUUID } from "node:crypto";
import { BenchError } from "../errors.js";
import { lackOfNetem } from "../lab/cables.js";
import { tryNamespaces } from "../lab/isolation.js";
import { openFilesLimit } from "../lab/limits.js";
import { openLab } from "../lab/open.js";
import { runTool } from "../lab/tool-on-host.js";
import type { Host, Lab } from "../lab/types.js";
import type { LabPlan } from "../scenario/types.js";
import { startServer } from "../server/start.js";
import { fails, type Finding, lacks, works } from "./types.js";

const PORT = 8080;
const READY_MS = 5_000;
/** Enough for the scenarios that come with bench. */
const ENOUGH_FILES = 1_024;
const TRIED_SYSCTL = { key: "net.ipv4.tcp_fin_timeout", value: "17" } as const;

export async function checkNamespaces(): Promise<Finding> {
  try {
    await tryNamespaces();
    return works("namespaces", "user, PID and network namespaces were made");
  } catch (error) {
    return failure("namespaces", error);
  }
}

/** Opens a lab of two hosts and uses it: a sysctl is set and read again, a connection is made over its cable. */
export async function checkLab(): Promise<Finding[]> {
  const { key, value } = TRIED_SYSCTL;
  const plan: LabPlan = {
    topology: "two-hosts",
    addresses: { client: 1, server: 1 },
    memoryBytes: null,
    sysctl: { client: {}, server: { [key]: value } },
  };
  let lab: Lab;
  try {
    lab = await openLab(plan, { isolation: "namespace", onSamplerFault: () => {} });
  } catch (error) {
    return [failure("lab", error)];
  }
  try {
    const { server, client } = lab.hosts;
    const read = await server.readSysctls([key]);
    const sysctl =
      read[key] === value
        ? works("sysctl", `${key} = ${value} was set in a lab, and there alone`)
        : fails(
            "sysctl",
            `${key} reads ${read[key] ?? "nothing"} after ${value} was written`,
            "This is a bug; please report it.",
          );
    return [
      sysctl,
      await checkCable(server, client),
      await checkFolders(server, client),
      await checkNft(server),
      await checkLinks(plan, server),
    ];
  } finally {
    await lab.close();
  }
}

async function checkCable(server: Host, client: Host): Promise<Finding> {
  try {
    await startServer({ kind: "node", port: PORT, readyTimeoutMs: READY_MS }, server);
    await client.waitUntilReady({ by: "http", path: "/", host: server.address, port: PORT, timeoutMs: READY_MS });
    return works("veth", `the hello server on ${server.address} answered the other host`);
  } catch (error) {
    return failure("veth", error);
  }
}

type Runs = Pick<Host, "run">;

/** A program writes a file to /tmp: it has to be there for that host, and not for the other one. Exported for tests. */
export async function checkFolders(host: Runs, other: Runs): Promise<Finding> {
  const [name, need] = ["folders", "Only runs that start programs of yours need them."];
  const file = `/tmp/bench-doctor-${randomUUID()}`;
  try {
    const wrote = await succeeds(host, `echo written > ${file} && cat ${file}`);
    const isSeen = await succeeds(other, `cat ${file}`);
    await succeeds(host, `rm -f ${file}`);
    if (!wrote) return lacks(name, "a program in a lab could not write to /tmp", need);
    if (isSeen) return lacks(name, "programs in a lab have this machine's /tmp, /run and /var/log", need);
    return works(name, "programs in a lab have their own /tmp, /run and /var/log");
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    return lacks(name, error.message, `${need}\n${error.hint}`);
  }
}

async function succeeds(host: Runs, command: string): Promise<boolean> {
  const ask = { command, cwd: "/", env: {}, count: null, number: null, timeoutMs: READY_MS };
  return (await host.run(ask))["exitCode"] === 0;
}

/** What `lab.linksBy: auto` takes. */
async function checkLinks(plan: LabPlan, host: Host): Promise<Finding> {
  const lack = await lackOfNetem(host);
  if (lack === null) return works("links", "cables get a length by netem, the kernel's own");
  try {
    const links: Pick<LabPlan, "links" | "linksBy"> = { links: [], linksBy: "forwarder" };
    const lab = await openLab({ ...plan, ...links }, { isolation: "namespace", onSamplerFault: () => {} });
    await lab.close();
    return works("links", "cables get a length by a process that carries frames: this kernel has no netem");
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    return lacks("links", error.message, `Only scenarios with lab.links need it. ${error.hint}`);
  }
}

/** The rule that a NAT is made of. */
async function checkNft(host: Host): Promise<Finding> {
  const rules =
    "add table ip doctor; add chain ip doctor out { type nat hook postrouting priority 100; }; add rule ip doctor out masquerade";
  const { lack, code } = await runTool(host, "nft", [rules]);
  if (lack === null) return works("nft", "masquerading was set up in a lab");
  if (code === 127) return lacks("nft", "not found", "Only the topology nat needs it: install the package nftables.");
  return lacks("nft", lack, "The kernel needs CONFIG_NF_TABLES and CONFIG_NFT_MASQ; only the topology nat needs them.");
}

export function checkOpenFilesLimit(): Finding {
  const limit = openFilesLimit();
  if (limit === null) return lacks("open files", "the limit could not be read", "See ulimit -n.");
  const detail = `${limit === Number.POSITIVE_INFINITY ? "no limit" : limit} for each process`;
  return limit >= ENOUGH_FILES
    ? works("open files", detail)
    : lacks(
        "open files",
        detail,
        `Enough for ${Math.max(0, limit - 64)} connections; for more: ulimit -n ${ENOUGH_FILES}`,
      );
}

function failure(name: string, error: unknown): Finding {
  if (!(error instanceof BenchError)) throw error;
  return fails(name, error.message, error.hint);
}
