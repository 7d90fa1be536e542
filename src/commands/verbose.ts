import type { Subscriber } from "../events/types.js";
import { printable } from "../text/printable.js";
import type { Output } from "./world.js";

/**
 * One line for each thing that was done: when it began, in milliseconds since the start; how long it took; on which host;
 * what it was.
 * @param names of the runs, by their numbers; told where there are several
 */
export function tellActions(output: Output, names: readonly string[]): Subscriber {
  return (event) => {
    const name = names.length > 1 ? `${names[event.run]} ` : "";
    if (event.type === "trial") {
      output.write(asLine(event.atMs, "", name, `trial ${event.order + 1}: ${event.variant}`));
      return;
    }
    if ((event.type !== "action" && event.type !== "step") || event.state === "begun") return;
    const { atMs, tookMs, fault } = event;
    const [host, what] = event.type === "action" ? [event.host ?? "", told(event)] : ["", `step ${event.step}`];
    const failed = fault === null ? "" : `; failed: ${fault}`;
    output.write(asLine(atMs - tookMs, milliseconds(tookMs), name + host, what + failed));
  };
}

function told({ what, command }: { what: string; command: string | null }): string {
  return command === null ? what : `${what}: ${command}`;
}

function asLine(beganMs: number, took: string, where: string, what: string): string {
  return `${milliseconds(beganMs).padStart(12)} ${took.padStart(11)}  ${printable(where).padEnd(8)}  ${printable(what)}\n`;
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}
