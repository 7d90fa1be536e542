import type { Lab } from "../lab/types.js";
import { type HostProgram, type LabPlan, ROLES } from "../scenario/types.js";
import { startProgram } from "./command.js";
import { startProxy } from "./proxy.js";
import type { Identity } from "./types.js";
import { died } from "./wait.js";

export interface Beside {
  /** Rejects with `server-died` when the first of them ends by itself; never resolves. */
  died: Promise<never>;
}

/**
 * Starts what runs on the lab's hosts beside the server under test: the hosts' own programs, on each host one after the
 * other, and behind the server the proxy before it. All of it ends with its host.
 * @throws BenchError `server-not-ready`, `server-died`
 */
export async function startBeside(
  plan: LabPlan,
  lab: Lab,
  starts: HostProgram["starts"],
  identity: Identity | null,
): Promise<Beside> {
  const deaths: Promise<never>[] = [];
  if (plan.proxy !== undefined && starts === "after-server") {
    const process = await startProxy(plan.proxy, lab.all.get("proxy")!, lab.hosts.server);
    deaths.push(died(process, "during the run", "proxy"));
  }
  const hosts = Object.entries(plan.hosts ?? {}).map(async ([name, { programs }]) => {
    for (const program of programs.filter((one) => one.starts === starts)) {
      const who = `program of ${name}${programs.length > 1 ? ` for port ${program.port}` : ""}`;
      const isSidecar = programs.length > 1 || ROLES.some((role) => role === name);
      const { process } = await startProgram(program, lab.all.get(name)!, {
        neighbours: lab.all,
        identity,
        who,
        isSidecar,
      });
      deaths.push(died(process, "during the run", who));
    }
  });
  await Promise.all(hosts);
  const first = new Promise<never>((_resolve, reject) => {
    for (const death of deaths) death.catch(reject);
  });
  first.catch(() => {});
  return { died: first };
}
