import { BenchError } from "../errors.js";
import type { Figures, ProbeStep, SocketStep } from "../scenario/phases/types.js";

/**
 * A step with the ports that the kernel chose in earlier ones (`door.localPort`).
 * @throws BenchError `bad-scenario` where the earlier step has none, because it failed
 */
export function withPorts(step: SocketStep, figures: Readonly<Figures>): ProbeStep {
  const chosen = (written: unknown): unknown => {
    if (typeof written !== "string") return written;
    const port = figures[written];
    if (typeof port === "number" && port > 0) return port;
    throw new BenchError(
      "bad-scenario",
      `the step "${step.do}" of "${step.socket}" needs ${written}, and there is none`,
      "A step that failed has no port: look at its errno.",
    );
  };
  const ports = Object.entries(step).filter(([field]) => field === "port" || field === "from");
  return { ...step, ...Object.fromEntries(ports.map(([field, port]) => [field, chosen(port)])) } as ProbeStep;
}
