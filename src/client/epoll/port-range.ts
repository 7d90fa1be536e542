import { libc } from "../../kernel/libc.js";
import { Memory } from "../../kernel/memory.js";
import { portIn, socketAddress } from "../../kernel/socket-address.js";
import { localPortRange, setOption } from "../../kernel/socket-option.js";
import { SOCK_CLOEXEC, SOCK_STREAM, socketCalls } from "../../kernel/socket.js";

/**
 * Whether sockets can be kept to these ports by IP_LOCAL_PORT_RANGE. Asked of the kernel by a bind to each end: it came
 * with Linux 6.3, and has no effect on an end that lies outside of net.ipv4.ip_local_port_range.
 */
export function keepsPortRange(low: number, high: number): boolean {
  return keepsPort(low) && keepsPort(high);
}

function keepsPort(port: number): boolean {
  const calls = socketCalls();
  const anywhere = socketAddress("0.0.0.0", 0)!;
  const fd = calls.socket(anywhere.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  try {
    if (setOption(fd, localPortRange(port, port)) < 0) return false;
    if (calls.bind(fd, anywhere.memory.address, anywhere.memory.length) < 0) {
      // The one port that it looked at is taken.
      return libc().errno() === libc().errnoOf["EADDRINUSE"];
    }
    const bound = Memory.ofLength(anywhere.memory.length);
    const length = new Memory(Buffer.from(Uint32Array.of(bound.length).buffer));
    return calls.getsockname(fd, bound.address, length.address) === 0 && portIn(bound.bytes) === port;
  } finally {
    calls.close(fd);
  }
}
