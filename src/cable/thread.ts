/** The thread that carries frames, and never returns to its event loop: orders are taken when it is woken for them. */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { eventFd } from "../kernel/event-fd.js";
import { Forwarder } from "./forwarder.js";
import type { CableTask, FromCable, ToCable } from "./types.js";

export interface ThreadTask {
  task: CableTask;
  ordersFd: number;
}

const port = parentPort!;
const { task, ordersFd } = workerData as ThreadTask;
const bell = eventFd(ordersFd);
// The list of what is moved instead of copied tells this postMessage() from the one of windows.
const tell = (message: FromCable): void => port.postMessage(message, []);
const forwarder = new Forwarder(task);
tell({ type: "carrying" });
forwarder.run(ordersFd, () => {
  bell.clear();
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
    takeOrder(next.message as ToCable);
});

function takeOrder(order: ToCable): void {
  switch (order.type) {
    case "carry":
      return;
    case "change":
      forwarder.change(order.links);
      return tell({ type: "changed", id: order.id });
    case "count":
      return tell({ type: "counted", id: order.id, counts: forwarder.counts });
  }
}
