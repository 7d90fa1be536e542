import type { BenchError } from "../errors.js";
import type { HostSysctls, LabPlan } from "../scenario/types.js";
import { isAnyStopped } from "../waiting/stopped.js";
import { Holder, SMALLEST_HASH } from "./holder.js";
import { AgentHost, type Ways } from "./host.js";
import { readSysctl } from "./inside/sysctl.js";
import type { Releases } from "./releases.js";
import type { Cables, Lab, LabOptions } from "./types.js";
import { familyOf, netsOf, networkRouteLine, ownNetworkLine } from "./wiring.js";

/** What the functions that make labs, one for each topology, have in common. */

/** What was acquired so far. */
export interface Acquired {
  releases: Releases;
  /** The process of each host. */
  watched: number[];
  onLost(error: BenchError): void;
}

/** 8 MB of kernel memory for each host; more would not make lookups quicker. */
const LARGEST_HASH = 1_048_576;
/**
 * Their defaults follow from the size of the socket hash (net/ipv4/tcp_ipv4.c, tcp_set_hashinfo), which a lab makes
 * small on purpose: the machine's own values are put back, unless the scenario says otherwise.
 */
const LIKE_THE_MACHINE = ["net.ipv4.tcp_max_tw_buckets", "net.ipv4.tcp_max_syn_backlog"] as const;
/** Who runs as himself in a lab gets the ports that only root gets at home (ip-sysctl.rst; since Linux 4.11). */
const FIRST_FREE_PORT = "net.ipv4.ip_unprivileged_port_start";

/** A lab in the making: what it acquires is released with it, or at once when it fails. */
export class Making {
  readonly plan: LabPlan;
  readonly holder: Holder;
  readonly acquired: Acquired;
  readonly #options: LabOptions;

  static async begin(plan: LabPlan, acquired: Acquired, options: LabOptions): Promise<Making> {
    const holder = await Holder.open(hashFor(plan), (kill) => acquired.releases.add(kill), options.observe);
    return new Making(plan, holder, acquired, options);
  }

  private constructor(plan: LabPlan, holder: Holder, acquired: Acquired, options: LabOptions) {
    this.plan = plan;
    this.holder = holder;
    this.acquired = acquired;
    this.#options = options;
  }

  /** Starts hosts side by side, in namespaces of their own. When one fails, the others are released with the lab. */
  async start<Name extends string>(
    addresses: Readonly<Record<Name, readonly string[]>>,
  ): Promise<Record<Name, AgentHost>> {
    const started = Object.entries<readonly string[]>(addresses).map(async ([name, own]) => {
      const ways = { into: this.holder.intoNewHost, asUser: this.holder.asUser, accounts: this.holder.accounts };
      const host = await startHost(name, own, ways, this.acquired, this.#options);
      return [name, host] as const;
    });
    try {
      return Object.fromEntries(await Promise.all(started)) as Record<Name, AgentHost>;
    } catch (error) {
      throw (await this.holder.loss()) ?? error;
    }
  }

  /**
   * Calibrates every host and sets its sysctls; after that the lab is ready.
   * @param hosts by name, `client` and `server` among them
   * @param forced sysctls that a host cannot do without, by its name
   */
  async finish(
    hosts: Readonly<Record<string, AgentHost>>,
    { forced = {}, cables = null }: { forced?: Partial<HostSysctls>; cables?: Cables | null } = {},
  ): Promise<Lab> {
    const { plan, acquired } = this;
    const calibrated = await Promise.all(
      Object.entries(hosts).map(async ([name, host]) => {
        const sysctls = { ...settingsOfHosts(), ...boundAnywhere(host), ...plan.sysctl[name], ...forced[name] };
        return [name, await host.setUp(sysctls)] as const;
      }),
    );
    const { client, server } = { client: hosts["client"]!, server: hosts["server"]! };
    const { silentAddress, silentNetwork } = netsOf(plan);
    return {
      isolation: "namespace",
      hosts: { client, server },
      all: new Map(Object.entries(hosts)),
      front: hosts["proxy"] !== undefined && plan.topology === "proxy" ? hosts["proxy"] : server,
      shared: false,
      silentAddress,
      silentNetwork,
      cables,
      calibration: Object.fromEntries(calibrated),
      isAnyStopped: () => isAnyStopped(acquired.watched),
      close: () => acquired.releases.run(),
    };
  }
}

/** What a host needs that has several addresses, or meets one that has. @param via where those are that it meets */
export function networkLines(own: AgentHost | null, others: readonly AgentHost[], via?: string): string[] {
  const several = ({ addresses }: AgentHost): boolean => addresses.length > 1;
  return [
    ...(own !== null && several(own) ? [ownNetworkLine(own.address)] : []),
    ...others.filter(several).map(({ address }) => networkRouteLine(address, via)),
  ];
}

export function startHost(
  name: string,
  addresses: readonly string[],
  ways: Ways,
  { releases, watched, onLost }: Acquired,
  options: LabOptions,
): Promise<AgentHost> {
  return AgentHost.start(name, addresses, ways, options, {
    acquired(pid, end) {
      releases.add(end);
      watched.push(pid);
    },
    onLost,
  });
}

/** Of several IPv6 addresses one is the card's, and bind() takes no other by itself (net/ipv6/af_inet6.c, __inet6_bind). */
function boundAnywhere({ addresses }: AgentHost): Record<string, string> {
  const isNeeded = addresses.length > 1 && familyOf(addresses[0]!) === "ipv6";
  return isNeeded ? { "net.ipv6.ip_nonlocal_bind": "1" } : {};
}

/** What every host of a lab is set to, unless the scenario says otherwise. */
export function settingsOfHosts(): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const key of LIKE_THE_MACHINE) {
    const value = readSysctl(key);
    if (value !== undefined) settings[key] = value;
  }
  if (readSysctl(FIRST_FREE_PORT) !== undefined) settings[FIRST_FREE_PORT] = "0";
  return settings;
}

/** As many buckets as the scenario makes room for in TIME_WAIT: a million in a small table would slow every lookup. */
function hashFor({ sysctl }: LabPlan): number {
  const asked = Object.values(sysctl).map((settings) => Number(settings?.["net.ipv4.tcp_max_tw_buckets"] ?? 0));
  const most = Math.min(LARGEST_HASH, Math.max(SMALLEST_HASH, ...asked.filter(Number.isFinite)));
  return 2 ** Math.ceil(Math.log2(most));
}
