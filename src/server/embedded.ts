import { BenchError } from "../errors.js";
import { answerOf } from "../waiting/answer.js";
import type { Host } from "../lab/types.js";
import type { ServerPlan } from "../scenario/types.js";
import type { FromHello, Identity, RunningServer, ServerCount, ToHello } from "./types.js";
import { died, untilReady } from "./wait.js";
import { ownFile } from "../places.js";

/** Programs of their own, as built. */
const EMBEDDED = {
  node: { entry: "dist/server/hello.js", version: process.version },
  misbehaving: { entry: "dist/server/misbehaving.js", version: `on node ${process.version}` },
  epoll: { entry: "dist/server/epoll/main.js", version: `on node ${process.version}` },
} as const;

/** One of the embedded servers: ready when it says that it listens. */
export async function startEmbedded(
  plan: ServerPlan & { kind: keyof typeof EMBEDDED },
  host: Host,
  tls: Identity | null,
): Promise<RunningServer> {
  const { entry, version } = EMBEDDED[plan.kind];
  const file = ownFile(entry);
  const hello = await host.spawn({ label: "server", program: { entry: file } });
  const say = (message: ToHello): void => hello.send(message);
  let counted: (count: ServerCount) => void = () => {};
  const listening = new Promise<void>((resolve, reject) => {
    hello.onMessage((received) => {
      const message = received as FromHello;
      switch (message.type) {
        case "awake":
          say({
            type: "listen",
            host: host.listenAddress,
            port: plan.port,
            ...(plan.kind === "misbehaving" ? { manners: plan } : {}),
            ...(tls === null ? {} : { tls }),
          });
          return;
        case "listening":
          resolve();
          return;
        case "failed":
          reject(cannotListen(message, plan.port));
          return;
        case "counted": {
          const { type: _counted, ...count } = message;
          counted(count);
        }
      }
    });
  });
  listening.catch(() => {});
  await untilReady(hello, listening, { timeoutMs: plan.readyTimeoutMs });
  const death = died(hello, "during the run");
  return {
    name: `${plan.kind} ${version}`,
    host: host.address,
    port: plan.port,
    processId: hello.id,
    died: death,
    async count() {
      const answer = new Promise<ServerCount>((resolve) => {
        counted = resolve;
      });
      say({ type: "count" });
      return answerOf(Promise.race([answer, death]), saysNothing);
    },
  };
}

function saysNothing(why: string): BenchError {
  return new BenchError(
    "server-died",
    `the server is there, but ${why} (asked: what it has counted)`,
    "Was it stopped (kill -STOP), or was the machine out of memory? Run it again.",
  );
}

function cannotListen({ message, errno }: { message: string; errno: string }, port: number): BenchError {
  return new BenchError(
    "server-not-ready",
    `the server could not listen: ${message}`,
    errno === "EADDRINUSE"
      ? `Port ${port} is taken; choose another: --set server.port=${port === 18080 ? 28080 : 18080}`
      : "Choose another port: --set server.port=18080",
  );
}
