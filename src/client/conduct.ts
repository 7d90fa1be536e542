import { BenchError } from "../errors.js";
import type { Host } from "../lab/types.js";
import type { LoadPlan } from "../scenario/types.js";
import { answerOf, Watchdog } from "../waiting/answer.js";
import type { FromClient, LoadProgress, LoadReport, LoadTarget, ToClient } from "./types.js";
import { ownFile } from "../places.js";

/** The built client, as built. */
const CLIENT = ownFile("dist/client/main.js");

/** A load client in a process of its own on its host, loaded and waiting for the word. */
export interface WaitingClient {
  /** Library and version. */
  name: string;
  /** Names its CPU times in a HostSnapshot. */
  processId: string;
  /** Makes the load that goes before it. @throws BenchError `client-died` */
  warmUp(): Promise<void>;
  /** Makes the load. @throws BenchError `client-died` */
  go(onProgress: (progress: LoadProgress) => void): Promise<LoadReport>;
  /** Ends the load early; go() still resolves with all that was measured. */
  stop(): void;
}

/** @throws BenchError `client-died` when it cannot be made ready */
export async function startClient(plan: LoadPlan, target: LoadTarget, host: Host): Promise<WaitingClient> {
  const runs = plan.program === undefined ? {} : { runs: plan.program };
  const client = await host.spawn({ label: "client", program: { entry: CLIENT, ...runs } });
  const say = (message: ToClient): void => client.send(message);
  const death = client.exited.then((exit): never => {
    throw clientDied(
      `it ended with ${exit.signal ?? `exit code ${exit.code}`}`,
      exit.lastLines.map((line) => `\n  | ${line}`).join(""),
    );
  });
  death.catch(() => {});

  let onProgress: (progress: LoadProgress) => void = () => {};
  let watchdog: Watchdog | null = null;
  const ready = promiseWithParts<string>();
  const warm = promiseWithParts<void>();
  const done = promiseWithParts<LoadReport>();
  client.onMessage((received) => {
    const message = received as FromClient;
    watchdog?.heard();
    switch (message.type) {
      case "ready":
        ready.resolve(message.clientName);
        return;
      case "warm":
        warm.resolve();
        return;
      case "progress":
        // A program does not tell how it gets on, and nothing is told for it.
        if (plan.program === undefined) onProgress(message.progress);
        return;
      case "done":
        done.resolve(message.report);
        return;
      case "failed":
        for (const { reject } of [ready, warm, done]) reject(asError(message));
    }
  });
  say({ type: "plan", plan: withUser(plan, host), target: await withCaFile(target, plan, host) });
  const unlessSilent = <T>(answer: Promise<T>, takesMs = 0): Promise<T> =>
    answerOf(Promise.race([answer, death]), (why) => clientDied(`it ${why}`), { takesMs });
  const name = await unlessSilent(ready.promise);
  return {
    name,
    processId: client.id,
    warmUp() {
      say({ type: "warm-up" });
      return unlessSilent(warm.promise, plan.warmupMs);
    },
    async go(listener) {
      onProgress = listener;
      say({ type: "go" });
      watchdog = new Watchdog((seconds) => clientDied(`it has said nothing for ${seconds} s`));
      try {
        return await Promise.race([done.promise, death, watchdog.silence]);
      } finally {
        watchdog.end();
      }
    },
    stop: () => say({ type: "stop" }),
  };
}

/** Whose the program is that it runs. */
function withUser(plan: LoadPlan, { asUser }: Host): LoadPlan {
  return plan.program === undefined ? plan : { ...plan, program: { ...plan.program, asUser } };
}

/** A program is told the file of the certificate that it trusts. */
async function withCaFile(target: LoadTarget, { program }: LoadPlan, host: Host): Promise<LoadTarget> {
  const ca = target.tls?.ca ?? null;
  if (ca === null || program === undefined || !program.command.includes("{ca}")) return target;
  return { ...target, tls: { ca, caFile: await host.holdText(ca) } };
}

function asError({ message, code, hint }: FromClient & { type: "failed" }): BenchError {
  return code === null ? clientDied(message) : new BenchError(code, message, hint);
}

function clientDied(cause: string, output = ""): BenchError {
  return new BenchError(
    "client-died",
    `the load client could not go on: ${cause}${output}`,
    "Its own counts are lost with it. If nothing outside killed or stopped it, please report this as a bug.",
  );
}

/** Node 20 has no Promise.withResolvers. A rejection that nobody waits for is no event. */
function promiseWithParts<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}
