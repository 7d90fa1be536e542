import { networkInterfaces } from "node:os";
import { BenchError } from "../errors.js";
import { adoptOrphans } from "../kernel/subreaper.js";
import type { LabPlan } from "../scenario/types.js";
import { describeStopped, isAnyStopped, onStopped, type StoppedProcess } from "../waiting/stopped.js";
import { unlessAborted } from "../waiting/unless-aborted.js";
import { type Acquired, settingsOfHosts, Making, networkLines, startHost } from "./making.js";
import { hostNamedIn } from "./mark.js";
import { openNat } from "./nat.js";
import { Releases } from "./releases.js";
import { openSwitched } from "./switched.js";
import { requireTools } from "./tools.js";
import type { Lab, LabOptions } from "./types.js";
import { addressesIn, card, cardLines, netsOf, silentLine } from "./wiring.js";

/** All of 127.0.0.0/8 is this host, without being configured. */
const LOOPBACK = "127.0";

/**
 * A fresh lab: hosts made, wired and set up; TIME_WAIT at zero.
 * @throws BenchError, or the signal's reason, with nothing left behind
 */
export async function openLab(plan: LabPlan, options: LabOptions): Promise<Lab> {
  const lost = new AbortController();
  const onLost = (error: BenchError): void => {
    lost.abort(error);
    options.onLost?.(error);
  };
  const acquired: Acquired = { releases: new Releases(), watched: [], onLost };
  acquired.releases.add(onStopped(acquired.watched, (found) => onLost(stoppedInLab(found))));
  const signal = options.signal === undefined ? lost.signal : AbortSignal.any([options.signal, lost.signal]);
  try {
    return await unlessAborted(signal, make(plan, acquired, options));
  } catch (error) {
    await acquired.releases.run();
    throw error;
  }
}

async function make(plan: LabPlan, acquired: Acquired, options: LabOptions): Promise<Lab> {
  if (options.isolation === "none") return openWithoutIsolation(plan, acquired, options);
  const making = await Making.begin(plan, acquired, options);
  switch (plan.topology) {
    case "loopback":
      return openLoopback(making);
    case "two-hosts":
      return plan.links === undefined ? openTwoHosts(making) : openSwitched(making, ["client", "server"]);
    case "hosts":
      return openSwitched(making, Object.keys(plan.hosts ?? {}));
    case "nat":
      return openNat(making, plan.nat!);
    case "proxy":
      await requireTools([plan.proxy!.kind]);
      return openSwitched(making, ["client", "proxy", "server"]);
  }
}

function stoppedInLab(found: StoppedProcess): BenchError {
  const host = hostNamedIn([found.commandLine, ...found.above]);
  return new BenchError(
    "process-lost",
    `a process of ${host === null ? "the lab" : `the host ${host}`} ${describeStopped(found)}`,
    "Whatever stopped it (kill -STOP, a debugger), figures would be false: run it again.",
  );
}

async function openTwoHosts(making: Making): Promise<Lab> {
  const { holder, plan } = making;
  const nets = netsOf(plan);
  const { client, server } = await making.start({
    client: addressesIn(nets.client, plan.addresses.client),
    server: addressesIn(nets.server, plan.addresses.server),
  });
  await holder.finish([`link add eth0 netns ${client.pid} type veth peer name eth0 netns ${server.pid}`]);
  const pairs = [
    [client, server],
    [server, client],
  ] as const;
  await Promise.all(
    pairs.map(([own, other]) => {
      const eth0 = card("eth0", own.address, [other.address]);
      return own.wire([...cardLines(eth0), silentLine(eth0), ...networkLines(own, [other])], [eth0]);
    }),
  );
  return making.finish({ client, server });
}

async function openLoopback(making: Making): Promise<Lab> {
  const { plan, holder, acquired } = making;
  const { loopback: host } = await making.start({ loopback: loopbackAddresses(plan) });
  await holder.finish([]);
  await host.wire([], []);
  // One host plays both roles: where the scenario says two things, the server's sysctl is the one that stands.
  const calibration = await host.setUp({ ...settingsOfHosts(), ...plan.sysctl.client, ...plan.sysctl.server });
  return {
    ...onOneHost(host, acquired),
    isolation: "namespace",
    calibration: { [host.name]: calibration },
  };
}

/** The machine itself: its settings are never touched. What it cannot give, `meetDemands` has refused. */
async function openWithoutIsolation(plan: LabPlan, acquired: Acquired, options: LabOptions): Promise<Lab> {
  if (plan.family === "ipv6" && !hasIPv6Loopback())
    throw new BenchError(
      "lab-failed",
      "this machine's loopback has no IPv6 address, and without isolation the scenario runs there",
      "Leave `lab.family` out, or run it with isolation: a lab has IPv6 of its own.",
    );
  // If its agent is killed, what that has started becomes ours, and ends with us.
  adoptOrphans();
  const host = await startHost(
    "this machine",
    loopbackAddresses(plan),
    { into: [], asUser: [], accounts: process.geteuid?.() === 0 },
    acquired,
    options,
  );
  await host.mark();
  return { ...onOneHost(host, acquired), isolation: "none", calibration: null };
}

function hasIPv6Loopback(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === "::1"));
}

function onOneHost(host: Lab["front"], { releases, watched }: Acquired): Omit<Lab, "isolation" | "calibration"> {
  return {
    hosts: { client: host, server: host },
    all: new Map([
      ["client", host],
      ["server", host],
    ]),
    front: host,
    shared: true,
    silentAddress: null,
    silentNetwork: null,
    cables: null,
    isAnyStopped: () => isAnyStopped(watched),
    close: () => releases.run(),
  };
}

/** One host plays both roles: it has as many as the one that has more. */
function loopbackAddresses({ addresses, family }: Pick<LabPlan, "addresses" | "family">): string[] {
  if (family === "ipv6") return ["::1"];
  return addressesIn(LOOPBACK, Math.max(addresses.client, addresses.server));
}
