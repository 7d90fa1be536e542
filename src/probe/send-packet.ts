import { Memory } from "../kernel/memory.js";
import { socketCalls } from "../kernel/socket.js";

/** -1 when it failed. */
export function sendPacket(fd: number, packet: Buffer): number {
  const memory = new Memory(packet);
  return socketCalls().send(fd, memory.address, memory.length, 0);
}
