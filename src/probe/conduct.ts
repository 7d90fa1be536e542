import { BenchError } from "../errors.js";
import { answerOf } from "../waiting/answer.js";
import type { Host } from "../lab/types.js";
import type { ProbeStep } from "../scenario/phases/types.js";
import type { Figures, FromProbe, Probe, ToProbe } from "./types.js";
import { ownFile } from "../places.js";
import { special } from "./address.js";

/** The built probe, as built. */
const PROBE = ownFile("dist/probe/main.js");

/** close() blocks for as long as SO_LINGER says, once for each socket of the step. */
const LONGEST_CLOSE_MS = 600_000;

interface Asked {
  step: ProbeStep;
  resolve(figures: Figures): void;
  reject(error: BenchError): void;
}

/** A probe on the host, which goes when the host goes. @throws BenchError `probe-died` */
export async function startProbe(host: Host): Promise<Probe> {
  const child = await host.spawn({ label: "probe", program: { entry: PROBE } });
  const asked = new Map<number, Asked>();
  let died: BenchError | null = null;
  let asks = 0;

  const ready = new Promise<void>((resolve, reject) => {
    const die = (cause: string): void => {
      died ??= probeDied(host, cause);
      reject(died);
      for (const { reject: fail } of asked.values()) fail(died);
      asked.clear();
    };
    child.onMessage((received) => {
      const message = received as FromProbe;
      switch (message.type) {
        case "ready":
          resolve();
          return;
        case "figures":
          asked.get(message.id)?.resolve(message.figures);
          asked.delete(message.id);
          return;
        case "refused": {
          const of = asked.get(message.id);
          of?.reject(refused(of.step, message.message));
          asked.delete(message.id);
          return;
        }
        case "no-descriptor": {
          const of = asked.get(message.id);
          of?.reject(noDescriptorLeft(of.step, message.errno));
          asked.delete(message.id);
          return;
        }
        case "failed":
          die(message.message);
      }
    });
    void child.exited.then(({ code, signal, lastLines }) =>
      die(`it ended with ${signal ?? `exit code ${code}`}${lastLines.map((line) => `\n  | ${line}`).join("")}`),
    );
  });
  const unlessSilent = <T>(answer: Promise<T>, ownMs: number): Promise<T> =>
    answerOf(answer, (why) => probeDied(host, `it ${why}`), { takesMs: ownMs });
  await unlessSilent(ready, 0);

  return {
    take(step, addresses) {
      const message = messageFor(step, addresses, host.listenAddress, ++asks);
      const answer = new Promise<Figures>((resolve, reject) => {
        if (died !== null) return reject(died);
        asked.set(message.id, { step, resolve, reject });
        child.send(message);
      });
      // They are taken one after the other.
      return unlessSilent(
        answer,
        [...asked.values()].reduce((sum, of) => sum + takesMs(of.step), 0),
      );
    },
  };
}

function takesMs({ do: action, timeoutMs }: ProbeStep): number {
  return action === "close" ? LONGEST_CLOSE_MS : timeoutMs;
}

function messageFor(step: ProbeStep, addresses: (hostName: string) => string, own: string, id: number): ToProbe {
  const silence = step.do === "flood" || step.do === "peer" ? addresses("silence") : null;
  const address = (to: string): string => (to === "loopback" ? special(own).loopback : addresses(to));
  return { id, own, silence, step: "to" in step && step.to !== null ? { ...step, to: address(step.to) } : step };
}

function refused({ do: action, on, socket }: ProbeStep, reason: string): BenchError {
  return new BenchError(
    "bad-scenario",
    `the step "${action}" of "${socket}" on ${on} cannot be taken: ${reason}`,
    "Sockets go by the names that listen, accept, bind and connect give them, each on its own host.",
  );
}

function noDescriptorLeft({ do: action, on, socket }: ProbeStep, errno: string): BenchError {
  return new BenchError(
    "open-files-limit",
    `the step "${action}" of "${socket}" on ${on} needs more open files than are permitted (${errno})`,
    "Raise the limit (ulimit -n), or let the scenario open fewer sockets: its other steps' sockets count too.",
  );
}

function probeDied({ name }: Host, cause: string): BenchError {
  return new BenchError(
    "probe-died",
    `the process that holds the sockets of ${name} could not go on: ${cause}`,
    "Its sockets are lost with it. If nothing outside killed it, please report this as a bug.",
  );
}
