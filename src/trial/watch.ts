import type { Host, Lab } from "../lab/types.js";
import type { Measurement, OtherHost } from "../result/measurement.js";
import type { HostSnapshot, SampleMessage } from "../sampler/types.js";
import { ROLES, type Role, type Variant } from "../scenario/types.js";
import { sysctlKeys } from "./prepare.js";

/** On a shared host only tables tell the sides apart: they are read this often, as far as their cost allows. */
const SHARED_TABLE_MS = 100;
/** There may be many of them, on the same processors. */
const OTHERS_EVERY_MS = 100;

/** By role; still growing until sampling is stopped. On a shared host both are the same. */
export async function startSampling(variant: Variant, lab: Lab): Promise<Record<Role, SampleMessage[]>> {
  const client: SampleMessage[] = [];
  const samples = { client, server: lab.shared ? client : [] };
  const { everyMs, tableEveryMs } = variant.sample;
  const request = {
    everyMs,
    tableEveryMs: lab.shared ? Math.min(tableEveryMs, SHARED_TABLE_MS) : tableEveryMs,
    serverPort: variant.server.port,
    shared: lab.shared,
  };
  const roles = lab.shared ? (["client"] as const) : ROLES;
  await Promise.all(
    roles.map((role) => lab.hosts[role].startSampling(request, (sample) => samples[role].push(sample))),
  );
  return samples;
}

/** Samples the hosts that play neither role, such as a NAT or a proxy: more seldom, for no figure rests on them. */
export async function watchOthers(variant: Variant, lab: Lab): Promise<{ stop(): Promise<Measurement["others"]> }> {
  const request = {
    everyMs: Math.max(variant.sample.everyMs, OTHERS_EVERY_MS),
    tableEveryMs: variant.sample.tableEveryMs,
    serverPort: variant.server.port,
    shared: false,
  };
  const watch = async (name: string, host: Host): Promise<() => Promise<[string, OtherHost]>> => {
    const samples: SampleMessage[] = [];
    const sysctls = await host.readSysctls(sysctlKeys(variant, name));
    await host.startSampling(request, (sample) => samples.push(sample));
    const before = await host.snapshot();
    return async () => {
      const after = await host.snapshot();
      await host.stopSampling();
      return [name, { before, after, samples, sysctls }];
    };
  };
  const others = [...lab.all].filter(([name]) => name !== "client" && name !== "server");
  const watched = await Promise.all(others.map(([name, host]) => watch(name, host)));
  return { stop: async () => Object.fromEntries(await Promise.all(watched.map((stop) => stop()))) };
}

/** The counters of both roles' hosts now. */
export async function snapshots(lab: Lab): Promise<Record<Role, HostSnapshot>> {
  if (lab.shared) {
    const snapshot = await lab.hosts.client.snapshot();
    return { client: snapshot, server: snapshot };
  }
  const [client, server] = await Promise.all([lab.hosts.client.snapshot(), lab.hosts.server.snapshot()]);
  return { client, server };
}

/** What the newest samples say. */
export function latestTimeWait(samples: Record<Role, SampleMessage[]>, shared: boolean): Record<Role, number> {
  const latest = (role: Role): number => {
    const last = samples[role].findLast((sample) => sample.kind === (shared ? "table" : "gauge"));
    return last === undefined ? 0 : last.kind === "gauge" ? last.timeWait : last.sides[role].time_wait;
  };
  return { client: latest("client"), server: latest("server") };
}
