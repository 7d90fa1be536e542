import { fileURLToPath } from "node:url";
import type { Host } from "../../src/lab/types.js";
import type { Gauge } from "../../src/sampler/gauge.js";
import type { Table } from "../../src/sampler/table.js";
import { bundled } from "../support/bundled.js";

type Reading = Awaited<ReturnType<Table["read"]>>;

/** What a puppet can be told, and what it answers. See test/fixtures/puppet.mjs. */
interface Orders {
  listen: { ask: { host: string; port: number; ipv6Only: boolean }; answer: null };
  connect: {
    ask: { tag: string; count: number; host: string; port: number; localAddress?: string; answered: boolean };
    answer: null;
  };
  end: { ask: { tag: string }; answer: null };
  abandon: { ask: { tag: string }; answer: null };
  bind: { ask: { port: number }; answer: null };
  until: { ask: { tag: string; count: number; ended: boolean }; answer: null };
  gauge: { ask: Record<string, never>; answer: ReturnType<Gauge["read"]> };
  tables: { ask: { ports: readonly number[] }; answer: { netlink: Reading; text: Reading; again: Reading } };
}

export type Puppet = <Name extends keyof Orders>(
  order: Name,
  ask: Orders[Name]["ask"],
) => Promise<Orders[Name]["answer"]>;

/** Starts a puppet on a host. */
export async function puppetOn(host: Host): Promise<Puppet> {
  const entry = fileURLToPath(await bundled("test/fixtures/puppet.mjs"));
  const child = await host.spawn({ label: "puppet", program: { entry } });
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  child.onMessage((message) => {
    const { id, answer, error } = message as { id: number; answer?: unknown; error?: string };
    const { resolve, reject } = waiting.get(id)!;
    if (error === undefined) resolve(answer as never);
    else reject(new Error(error));
  });
  const ending = async (): Promise<void> => {
    const { lastLines } = await child.exited;
    for (const { reject } of waiting.values()) reject(new Error(`the puppet has ended: ${lastLines.join("\n")}`));
  };
  void ending();
  let lastId = 0;
  return (order, ask) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      child.send({ id, order, ask });
    });
}

/** Runs a program on a host to its end. @returns its lines */
export async function runOn(host: Host, file: string, ...args: string[]): Promise<string[]> {
  const child = await host.spawn({ label: file, program: { file, args } });
  const lines: string[] = [];
  child.onLine((line) => lines.push(line));
  const { code, lastLines } = await child.exited;
  if (code !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${code}: ${lastLines.join("\n")}`);
  return lines;
}
