import { z } from "zod/mini";
import { milliseconds } from "../parts/duration.js";
import * as rule from "../parts/rules.js";
import { defaulted } from "../parts/rules.js";

/** Options of single sockets: as written, and as meant. */

const orNothing = <T extends z.ZodMiniType>(schema: T, help: string) => defaulted(z.nullable(schema), help, null);
export const flag = (help: string) => defaulted(z.boolean({ error: "must be true or false" }), help, false);

/** Of any socket. */
export const options = {
  reuseAddress: flag("SO_REUSEADDR before bind()."),
  reusePort: flag("SO_REUSEPORT before bind()."),
  bindAddressNoPort: flag("IP_BIND_ADDRESS_NO_PORT: bind() to port 0 leaves the port to connect()."),
  localPortRange: orNothing(
    rule.portRange(),
    "IP_LOCAL_PORT_RANGE (Linux 6.3): this socket's own part of the range, `40000-40099`. null: all of it.",
  ),
  linger: orNothing(rule.wholeSecondsOrZero(), "SO_LINGER, in whole seconds; 0: close() sends a RST. null: off."),
  linger2: orNothing(
    z.union([z.literal("reset"), rule.wholeSeconds()], { error: "must be whole seconds, or `reset`" }),
    "TCP_LINGER2: how long FIN_WAIT2 lasts without a program; `reset`: close() sends a RST. null: tcp_fin_timeout.",
  ),
  nonBlocking: flag("O_NONBLOCK."),
  keepAlive: flag("SO_KEEPALIVE."),
  userTimeout: orNothing(
    rule.duration(),
    "TCP_USER_TIMEOUT: a peer that is silent for so long ends the connection. null: tcp_retries2 does.",
  ),
};
export type OptionsFile = z.output<z.ZodMiniObject<typeof options>>;

/**
 * null, or false: left as the kernel has it. What an accepted socket inherits is the kernel's to say: SO_LINGER and
 * SO_KEEPALIVE of the one that listens, but not O_NONBLOCK.
 */
export interface SocketOptions {
  reuseAddress: boolean;
  reusePort: boolean;
  bindAddressNoPort: boolean;
  localPortRange: { low: number; high: number } | null;
  /** SO_LINGER in whole seconds; null: off. */
  lingerSec: number | null;
  /** TCP_LINGER2 in whole seconds; -1: no FIN_WAIT2 without a program. */
  linger2Sec: number | null;
  /**
   * O_NONBLOCK, as in a program with an event loop: for a peer (accept, connect, receive) a step waits by poll(2) up to
   * `timeoutMs`, as it would without it; send takes what there is room for.
   */
  nonBlocking: boolean;
  /** SO_KEEPALIVE; when probes go out is the host's sysctls' to say. */
  keepAlive: boolean;
  userTimeoutMs: number | null;
  /** TCP_DEFER_ACCEPT in whole seconds. */
  deferAcceptSec: number | null;
  /** TCP_FASTOPEN with a queue of so many, of one that listens; TCP_FASTOPEN_CONNECT of one that connects. */
  fastOpen: { queue: number } | "connect" | null;
}

export function optionsOf(file: OptionsFile): SocketOptions {
  const { reuseAddress, reusePort, bindAddressNoPort, localPortRange, linger2, nonBlocking, keepAlive } = file;
  return {
    reuseAddress,
    reusePort,
    bindAddressNoPort,
    localPortRange: localPortRange === null ? null : rule.parsePortRange(localPortRange),
    lingerSec: file.linger === null ? null : wholeSecondsIn(file.linger),
    linger2Sec: linger2 === null ? null : linger2 === "reset" ? -1 : wholeSecondsIn(linger2),
    nonBlocking,
    keepAlive,
    userTimeoutMs: file.userTimeout === null ? null : milliseconds(file.userTimeout),
    deferAcceptSec: null,
    fastOpen: null,
  };
}

export function wholeSecondsIn(written: string | 0): number {
  return written === 0 ? 0 : milliseconds(written) / 1000;
}
