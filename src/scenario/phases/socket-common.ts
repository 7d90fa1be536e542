import { z } from "zod/mini";
import { milliseconds } from "../parts/duration.js";
import * as rule from "../parts/rules.js";
import { defaulted } from "../parts/rules.js";
import { on, timeout } from "./host-kinds.js";

/** What steps with sockets have in common: fields, figures, what they come to. */

export const name = rule.variantName();
export const HIGHEST_PORT = 65_535;
export const sockets = defaulted(rule.whole(1, 20_000), "How many.", 1);
export const to = defaulted(
  name,
  "The host that is spoken to. `silence`: where nobody answers. `loopback`: its own host, at 127.0.0.1 or ::1.",
  "server",
);

export const common = {
  on,
  socket: name.check(z.describe("The name of the socket, or of all of them where there are several.")),
  /** Over all sockets of the step, from its beginning. */
  timeout,
};

export const FIGURES = {
  errno: "of the first call that failed; `none`",
  succeeded: "calls that succeeded",
  failed: "calls that failed",
  tookMs: "the whole step",
  slowestMs: "the longest single call, from its beginning to its outcome",
};
export const FAILED_CALL = "the call that failed first, such as `bind`; null";
export const LOCAL_PORT = "of the first";

interface CommonFile {
  on: string;
  socket: string;
  timeout: string;
}

export function socketOf(file: CommonFile) {
  return { on: file.on, socket: file.socket, timeoutMs: milliseconds(file.timeout) };
}

/** A step on sockets that there are. */
export const SOCKET = { uses: "socket" } as const;

const FIGURE_OF_STEP = /^[A-Za-z][A-Za-z0-9_-]*\.localPort$/;

/** A port by its number, or the one that the kernel chose in an earlier step. @param low 0 where the kernel may choose */
export function port(low: 0 | 1) {
  const rules = `must be a whole number from ${low} to ${HIGHEST_PORT}, or \`<step>.localPort\``;
  const number = rule.whole(low, HIGHEST_PORT);
  return z.union([number, rule.matching(FIGURE_OF_STEP, rules)], { error: rules });
}
