import { BenchError } from "../errors.js";
import { type LinkChange, type LinkPlan, type LinksBy, plainLink } from "../scenario/types.js";
import { runTool } from "./tool-on-host.js";
import type { Cables, Host } from "./types.js";

/**
 * What makes cables long: the kernel's netem where it has one, which is tried on a device that nobody uses, and else a
 * process of ours. @throws BenchError `lab-failed` where netem is asked for and is not there
 */
export async function chooseCables(
  nobodys: Pick<Host, "spawn">,
  asked: LinksBy,
  { links, hosts }: { links: readonly LinkPlan[]; hosts: number },
): Promise<Cables["by"]> {
  if (asked === "forwarder") return asked;
  // Several netems on a card, one of which duplicates: newer kernels refuse it (sch_netem.c, check_netem_in_tree; 6.12.50).
  if (asked === "auto" && hosts > 2 && links.some(({ duplicate }) => duplicate > 0)) return "forwarder";
  const lack = await lackOfNetem(nobodys);
  if (lack === null) return "netem";
  if (asked === "auto") return "forwarder";
  throw new BenchError(
    "lab-failed",
    `this kernel has no netem (${lack})`,
    "Load its module (modprobe sch_netem) where there is one, or write `linksBy: auto`.",
  );
}

export async function lackOfNetem(host: Pick<Host, "spawn">): Promise<string | null> {
  return (await runTool(host, "tc", ["qdisc", "replace", "dev", "lo", "root", "netem", "delay", "1ms"])).lack;
}

/** What each direction does, as it changes. */
export class LinkBook {
  readonly #links: Map<string, LinkPlan>;

  constructor(links: readonly LinkPlan[]) {
    this.#links = new Map(links.map((link) => [nameOf(link), link]));
  }

  get links(): LinkPlan[] {
    return [...this.#links.values()];
  }

  /** @returns those that are changed, as they are now */
  change(changes: readonly LinkChange[]): LinkPlan[] {
    return changes.map((change) => {
      const changed = { ...plainLink(change.from, change.to), ...this.#links.get(nameOf(change)), ...change };
      this.#links.set(nameOf(change), changed);
      return changed;
    });
  }
}

function nameOf({ from, to }: Pick<LinkPlan, "from" | "to">): string {
  return `${from}>${to}`;
}
