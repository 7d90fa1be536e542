import type { RunEvents } from "../events/events.js";
import { monotonicMs } from "../kernel/clock.js";
import type { Host, Lab } from "../lab/types.js";
import { RELEVANT_SYSCTLS } from "../result/environment.js";
import type { Sampling } from "../result/types.js";
import type { HostSnapshot, SampleMessage } from "../sampler/types.js";
import type { Role, Variant } from "../scenario/types.js";
import { allHosts } from "./hosts.js";

/** On a shared host only tables tell the sides apart: they are read this often, as far as their cost allows. */
const SHARED_TABLE_MS = 100;
/** Hosts that play no role: there may be many of them, on the same processors, and no figure rests on them. */
const OTHERS_EVERY_MS = 100;

/** A host that is sampled. */
export interface WatchedHost {
  host: Host;
  sampling: Sampling;
  sysctls: Record<string, string>;
  /** Still growing, until sampling is stopped. */
  samples: SampleMessage[];
}

/** By the host's name. */
export type Snapshots = Readonly<Record<string, HostSnapshot>>;

/** Reads the settings of every host of the lab and samples it from now on. */
export function watchHosts(variant: Variant, lab: Lab, events: RunEvents): Promise<WatchedHost[]> {
  return Promise.all(
    allHosts(lab).map(async (host) => {
      const sampling = samplingOf(variant, lab, host);
      const samples: SampleMessage[] = [];
      const request = { ...sampling, serverPort: variant.server.port, shared: lab.shared };
      const left = lab.calibration?.[host.name]?.left ?? 0;
      const [sysctls] = await Promise.all([
        host.readSysctls(sysctlKeys(variant, lab, host)).then((read) => {
          events.tell({ type: "settings", host: host.name, sysctls: read, left });
          return read;
        }),
        host.startSampling(request, (sample) => {
          samples.push(sample);
          events.tell({ type: "sample", host: host.name, sample }, monotonicMs() - sample.atMs);
        }),
      ]);
      return { host, sampling, sysctls, samples };
    }),
  );
}

/** What every host's kernel has counted until now. */
export async function snapshots(lab: Lab): Promise<Snapshots> {
  const taken = allHosts(lab).map(async (host) => [host.name, await host.snapshot()] as const);
  return Object.fromEntries(await Promise.all(taken));
}

/** The newest populations in TIME_WAIT; null where none was read yet. */
export function latestTimeWait(watched: readonly WatchedHost[], { shared, hosts }: Lab): Record<Role, number | null> {
  const latest = (role: Role): number | null => {
    const { samples } = watched.find(({ host }) => host === hosts[role])!;
    const last = samples.findLast((sample) => sample.kind === (shared ? "table" : "gauge"));
    if (last === undefined) return null;
    return last.kind === "gauge" ? last.timeWait : last.sides[role].time_wait;
  };
  return { client: latest("client"), server: latest("server") };
}

function samplingOf({ sample: { everyMs, tableEveryMs } }: Variant, { shared, hosts }: Lab, host: Host): Sampling {
  if (shared) return { everyMs, tableEveryMs: Math.min(tableEveryMs, SHARED_TABLE_MS) };
  const playsRole = host === hosts.client || host === hosts.server;
  return { everyMs: playsRole ? everyMs : Math.max(everyMs, OTHERS_EVERY_MS), tableEveryMs };
}

/** What is read of a host's settings: on a shared host what the scenario says of either role. */
function sysctlKeys({ lab: { sysctl } }: Variant, lab: Lab, host: Host): string[] {
  const names = [...lab.all].flatMap(([name, named]) => (named === host ? [name] : []));
  return [...new Set([...RELEVANT_SYSCTLS, ...names.flatMap((name) => Object.keys(sysctl[name] ?? {}))])];
}
