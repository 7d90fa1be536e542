import autocannon from "autocannon";
import { BenchError } from "../../errors.js";
import type { LoadPlan } from "../../scenario/types.js";
import { gatesOf } from "./inside.js";
import { AutocannonSlot } from "./slot.js";
import { libraryName } from "../library-name.js";
import { driveSlots } from "../pace/slots.js";
import { askedOf, saysLength } from "../http/asked.js";
import { originOf } from "../target.js";
import type { LoadClient, LoadRecorder, LoadTarget } from "../types.js";

/** How often autocannon looks whether it was told to stop. */
const STOP_CHECK_MS = 20;
/** Seconds by which autocannon's own end is later than ours, which alone lets requests in flight finish. */
const NEVER_FIRST_SEC = 60;

/**
 * autocannon, in this process and without workers. Keep-alive is sound. With `Connection: close` it writes a next
 * request on the connection that the server has just closed: that request is lost, and the server's RST takes
 * TIME_WAIT away. It is left as it is, and each lost request is counted as failed.
 */
export const autocannonClient: LoadClient = {
  name: libraryName("autocannon"),

  async run(plan: LoadPlan, target: LoadTarget, recorder: LoadRecorder, signal: AbortSignal): Promise<void> {
    refuseWhatItCannot(plan);
    const deadlineMs = recorder.now() + plan.durationMs;
    const mayStart = (): boolean => !signal.aborted && !recorder.exhausted && recorder.now() < deadlineMs;
    if (!mayStart()) return;
    const slots: AutocannonSlot[] = [];
    let ended: () => void = () => {};
    const end = new Promise<void>((resolve) => (ended = resolve));
    const { method, headers, body, paths } = askedOf(plan);
    const closing = plan.connection === "close" ? { connection: "close" } : {};
    const options: autocannon.Options = {
      url: `${originOf(target)}${plan.path}`,
      method: method as NonNullable<autocannon.Options["method"]>,
      ...(body === null ? {} : { body }),
      // Each of its connections takes them in turn.
      ...(paths.length === 1 ? {} : { requests: paths.map((path) => ({ path })) }),
      connections: Math.min(plan.connections, plan.requests ?? plan.connections),
      duration: plan.durationMs / 1000 + NEVER_FIRST_SEC,
      // It says nothing of a body that there is not, and with these methods that is to be said (RFC 9110 section 8.6).
      headers: { ...headers, ...(saysLength(method) && body === null ? { "Content-Length": "0" } : {}), ...closing },
      sampleInt: STOP_CHECK_MS,
      skipAggregateResult: true,
      setupClient: (client) => {
        const gates = gatesOf(client);
        gates.timeout = plan.timeoutMs;
        slots.push(new AutocannonSlot(gates, recorder, mayStart, plan));
      },
    };
    const instance = autocannon(options, ended);
    await driveSlots(slots, plan, signal);
    instance.stop();
    await end;
  },
};

function refuseWhatItCannot(plan: LoadPlan): void {
  if (plan.pace !== null) {
    throw new BenchError(
      "bad-scenario",
      "autocannon keeps no rate whose latencies would be true: its correction for coordinated omission is mis-scaled",
      "Take another client: --client undici",
    );
  }
  if (plan.request?.method === "HEAD") {
    throw new BenchError(
      "bad-scenario",
      "autocannon waits for a body after HEAD, and none comes",
      "Take another client: --client undici",
    );
  }
  if (plan.pauses !== undefined) {
    throw new BenchError(
      "bad-scenario",
      "autocannon makes each next request at once, without a pause",
      "Take another client: --client undici",
    );
  }
  if (plan.connection === "keep-alive" && plan.requestsPerConnection !== null) {
    throw new BenchError(
      "bad-scenario",
      "autocannon cannot close a connection after a number of requests without losing their answers",
      "Take another client: --client undici",
    );
  }
  if (plan.connection === "close" && plan.closer === "client") {
    throw new BenchError(
      "bad-scenario",
      "autocannon cannot be the side that closes first",
      "Take another client: --client undici, or leave out closer: client",
    );
  }
}
