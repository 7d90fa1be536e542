import type { CableEnd, DirectionCounts, FromCable, ToCable } from "../cable/types.js";
import { BenchError } from "../errors.js";
import { ownFile } from "../places.js";
import type { LinkPlan } from "../scenario/types.js";
import { answerOf } from "../waiting/answer.js";
import { LinkBook } from "./cables.js";
import type { AgentHost } from "./host.js";
import type { Cables } from "./types.js";
import { hardwareOf } from "./wiring.js";

/** As built. */
const ENTRY = ownFile("dist/cable/main.js");

interface Plan {
  /** The hosts by name, in the order of the ports at which their cables end. */
  hosts: ReadonlyMap<string, AgentHost>;
  links: readonly LinkPlan[];
  onLost(error: BenchError): void;
}

/**
 * A process between the hosts' cables that carries every frame. It ends with its host.
 * @param between where the other ends of the cables are: `port0`, `port1`, …
 * @throws BenchError `lab-failed`
 */
export async function layForwarder(between: AgentHost, { hosts, links, onLost }: Plan): Promise<Cables> {
  const process = await between.spawn({ label: "cable", program: { entry: ENTRY } });
  const book = new LinkBook(links);
  const waiting = new Map<number, (answer: FromCable) => void>();
  let lastId = 0;
  let isReady = false;
  const lost = new Promise<never>((_resolve, reject) => {
    const ended = async (): Promise<void> => {
      const { lastLines } = await process.exited;
      const error = failed(lastLines.at(-1) ?? "it ended");
      reject(error);
      if (isReady) onLost(error);
    };
    void ended();
  });
  lost.catch(() => {});
  const ready = new Promise<void>((resolve, reject) => {
    process.onMessage((message) => {
      const said = message as FromCable;
      switch (said.type) {
        case "awake":
          return process.send({ type: "carry", ends: endsOf(hosts), links } satisfies ToCable);
        case "carrying":
          return resolve();
        case "failed":
          if (isReady) onLost(failed(said.message));
          return reject(failed(said.message));
        case "changed":
        case "counted":
          waiting.get(said.id)?.(said);
          waiting.delete(said.id);
      }
    });
  });
  await answerOf(Promise.race([ready, lost]), (why) => failed(`it ${why}`));
  isReady = true;
  const ask = (asked: (id: number) => ToCable): Promise<FromCable> => {
    const id = ++lastId;
    const answer = new Promise<FromCable>((resolve) => waiting.set(id, resolve));
    process.send(asked(id));
    return answerOf(Promise.race([answer, lost]), (why) => failed(`it ${why}`));
  };
  return {
    by: "forwarder",
    get links() {
      return book.links;
    },
    async change(changes) {
      const changed = book.change(changes);
      await ask((id) => ({ type: "change", id, links: changed }));
    },
    async counts() {
      const answer = await ask((id) => ({ type: "count", id }));
      return answer.type === "counted" ? inUse(answer.counts, book.links) : [];
    },
  };
}

function endsOf(hosts: ReadonlyMap<string, AgentHost>): CableEnd[] {
  return [...hosts].map(([host, { address }], at) => ({ host, device: `port${at}`, hardware: hardwareOf(address) }));
}

function inUse(counts: readonly DirectionCounts[], links: readonly LinkPlan[]): DirectionCounts[] {
  return counts.filter(({ from, to }) => links.some((link) => link.from === from && link.to === to));
}

function failed(cause: string): BenchError {
  return new BenchError(
    "lab-failed",
    `the process that carries frames between the hosts failed: ${cause}`,
    "It needs packet sockets (CONFIG_PACKET), and memory for its rings; run `bench doctor`.",
  );
}
