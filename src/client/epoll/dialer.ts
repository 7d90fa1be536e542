import { libc } from "../../kernel/libc.js";
import type { Memory } from "../../kernel/memory.js";
import type { SocketAddress } from "../../kernel/socket-address.js";
import {
  bindAddressNoPort,
  linger,
  localPortRange,
  reuseAddress,
  setOption,
  type SocketOption,
} from "../../kernel/socket-option.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM, type SocketCalls, socketCalls } from "../../kernel/socket.js";
import type { SocketPlan } from "../../scenario/types.js";
import { keepsPortRange } from "./port-range.js";
import { PortWalk } from "./port-walk.js";
import type { Route } from "./routes.js";

/** Saves a call of fcntl() for each (socket(2)). */
const TYPE = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

/** Makes sockets as the plan wants them, and sends each on the next route. */
export class Dialer {
  /** Which call made `open` fail. */
  failedCall = "";
  /** Why it did. */
  errno = 0;
  readonly #calls: SocketCalls = socketCalls();
  readonly #routes: readonly Route[];
  readonly #options: readonly SocketOption[];
  readonly #binds: "never" | "any-port" | "given-port";
  readonly #ports: PortWalk | null;
  /** There is nothing to do between socket() and connect(). */
  readonly #plain: boolean;
  #next: number;
  #route: Route;

  /** `turn`: how many routes to leave out at first, so that threads do not all begin with the same. */
  constructor(plan: SocketPlan, routes: readonly Route[], turn: number) {
    this.#routes = [...routes];
    this.#next = turn % routes.length;
    this.#route = routes[this.#next] as Route;
    const ports = plan.localPorts;
    const kernelKeepsRange = ports !== null && keepsPortRange(ports.low, ports.high);
    this.#ports = ports === null || kernelKeepsRange ? null : new PortWalk(ports.low, ports.high, turn);
    this.#options = [
      ...(plan.lingerSec === null ? [] : [linger(plan.lingerSec)]),
      ...(plan.reuseAddress ? [reuseAddress()] : []),
      ...(ports !== null && kernelKeepsRange ? [localPortRange(ports.low, ports.high)] : []),
      ...(plan.bind === "late" && plan.sourceAddresses.length > 0 && this.#ports === null ? [bindAddressNoPort()] : []),
    ];
    const anyPort = plan.sourceAddresses.length > 0 || plan.bind === "early";
    this.#binds = this.#ports !== null ? "given-port" : anyPort ? "any-port" : "never";
    this.#plain = this.#options.length === 0 && this.#binds === "never";
  }

  /** A socket that is ready for connect(); -1 when a call failed, and nothing of it is left. */
  open(): number {
    const route = this.#routes[this.#next] as Route;
    this.#route = route;
    this.#next = this.#next + 1 === this.#routes.length ? 0 : this.#next + 1;
    const fd = this.#calls.socket(route.destination.family, TYPE, 0);
    if (fd < 0) return this.#failed("socket", fd);
    return this.#plain ? fd : this.#prepare(fd, route.source);
  }

  /** Where the socket of the last `open` is to be connected to. */
  get destination(): Memory {
    return this.#route.destination.memory;
  }

  #prepare(fd: number, source: SocketAddress): number {
    for (const option of this.#options) if (setOption(fd, option) < 0) return this.#failed("setsockopt", fd);
    if (this.#binds === "any-port" && this.#bind(fd, source) < 0) return this.#failed("bind", fd);
    if (this.#binds === "given-port" && !this.#bindToFreePort(fd, source)) return this.#failed("bind", fd);
    return fd;
  }

  #bind(fd: number, { memory }: SocketAddress): number {
    return this.#calls.bind(fd, memory.address, memory.length);
  }

  /** Where the kernel does not keep to a range of ours: tries one port after the other. */
  #bindToFreePort(fd: number, source: SocketAddress): boolean {
    const ports = this.#ports as PortWalk;
    for (let tries = 0; tries < ports.count; tries++) {
      ports.writeNext(source);
      if (this.#bind(fd, source) === 0) return true;
      if (libc().errno() !== libc().errnoOf["EADDRINUSE"]) return false;
    }
    return false;
  }

  #failed(call: string, fd: number): number {
    this.failedCall = call;
    this.errno = libc().errno();
    if (fd >= 0) this.#calls.close(fd);
    return -1;
  }
}
