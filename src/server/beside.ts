import type { Lab } from "../lab/types.js";
import type { LabPlan } from "../scenario/types.js";
import { startProgram } from "./command.js";
import { startProxy } from "./proxy.js";
import { died } from "./wait.js";

export interface Beside {
  /** Rejects with `server-died` when the first of them ends by itself; never resolves. */
  died: Promise<never>;
}

/**
 * Starts what runs on the lab's hosts beside the server under test, once that is ready: the proxy, and the hosts' own
 * programs. All of it ends with its host.
 * @throws BenchError `server-not-ready`, `server-died`
 */
export async function startBeside(plan: LabPlan, lab: Lab): Promise<Beside> {
  const deaths: Promise<never>[] = [];
  if (plan.proxy !== undefined) {
    const process = await startProxy(plan.proxy, lab.all.get("proxy")!, lab.hosts.server);
    deaths.push(died(process, "during the run", "proxy"));
  }
  const programs = Object.entries(plan.hosts ?? {}).map(async ([name, { program }]) => {
    if (program === null) return;
    const who = `program of ${name}`;
    const { process } = await startProgram(program, lab.all.get(name)!, lab.all, who);
    deaths.push(died(process, "during the run", who));
  });
  await Promise.all(programs);
  const first = new Promise<never>((_resolve, reject) => {
    for (const death of deaths) death.catch(reject);
  });
  first.catch(() => {});
  return { died: first };
}
