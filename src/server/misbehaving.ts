import { createServer, type Socket } from "node:net";
import { listenOn } from "../kernel/listener.js";
import { RequestTimes } from "./request-times.js";
import type { FromHello, Manners, ToHello } from "./types.js";

/** A server that answers, and otherwise does on purpose what servers should not do. A process of its own. */

const BODY = "Hello, World!\n";
const END_OF_HEAD = "\r\n\r\n";

let requests = 0;
let connections = 0;
let faults = 0;
const times = new RequestTimes();

/** Half open: the client's FIN does not end our side, which is ours to keep open. */
function serve({ host, port, manners }: ToHello & { type: "listen" }, kept: Manners): void {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    connections++;
    attend(socket, kept);
  });
  server.once("error", (error: NodeJS.ErrnoException) => failed(error));
  server.listen({ host, port, backlog: manners?.backlog }, () => tell({ type: "listening" }));
}

function attend(socket: Socket, manners: Manners): void {
  const { answerAfterMs, idleTimeoutMs, closesAfterMs } = manners;
  let head = "";
  let carried = 0;
  const close = (): void => {
    if (closesAfterMs === 0) socket.end();
    else if (closesAfterMs !== null) setTimeout(() => socket.end(), closesAfterMs);
  };
  const answer = (asked: Asked, spoiled: boolean): void => {
    if (!socket.destroyed) respond(socket, asked, spoiled ? manners.fault : null, manners.leavesClosing ? null : close);
  };
  socket.setEncoding("latin1").on("data", (text: string) => {
    head += text;
    for (let end = head.indexOf(END_OF_HEAD); end !== -1; end = head.indexOf(END_OF_HEAD)) {
      const asked = askedFor(head.slice(0, end));
      head = head.slice(end + END_OF_HEAD.length);
      requests++;
      times.note();
      carried++;
      const spoiled = manners.fault !== null && carried % manners.faultEvery === 0;
      if (spoiled) faults++;
      if (answerAfterMs === 0) answer(asked, spoiled);
      else setTimeout(answer, answerAfterMs, asked, spoiled);
    }
  });
  socket.on("end", close);
  socket.on("error", () => socket.destroy());
  if (idleTimeoutMs !== null) socket.setTimeout(idleTimeoutMs, () => socket.end());
}

/** What becomes of the connection behind the answer; `stay` has to be said to a client of HTTP/1.0 (RFC 9112, section 9.3). */
type Asked = "close" | "stay" | "say-stay";

function askedFor(head: string): Asked {
  if (/^connection:\s*close\s*$/imu.test(head)) return "close";
  if (!/^[^\r\n]* HTTP\/1\.0\r?$/mu.test(head)) return "stay";
  return /^connection:\s*keep-alive\s*$/imu.test(head) ? "say-stay" : "close";
}

/** @param close once the client has asked for it; null: never before it has closed */
function respond(socket: Socket, asked: Asked, fault: Manners["fault"], close: (() => void) | null): void {
  switch (fault) {
    case "resets":
      socket.resetAndDestroy();
      return;
    case "stalls":
      return;
    case "closes":
      write(socket, "200 OK", "close");
      socket.end();
      return;
    case "hangs-up":
      write(socket, "200 OK", asked);
      socket.end();
      return;
    case "answers-500":
    case null:
      write(socket, fault === null ? "200 OK" : "500 Internal Server Error", asked);
      if (asked === "close") close?.();
  }
}

const CONNECTION = { close: "Connection: close\r\n", stay: "", "say-stay": "Connection: keep-alive\r\n" } as const;

function write(socket: Socket, status: string, said: Asked): void {
  socket.write(`HTTP/1.1 ${status}\r\nContent-Length: ${BODY.length}\r\n${CONNECTION[said]}\r\n${BODY}`);
}

function failed({ message, code = "" }: NodeJS.ErrnoException): void {
  tell({ type: "failed", message, errno: code });
}

function tell(message: FromHello): void {
  if (process.connected) process.send!(message, () => {});
}

process.on("message", (message: ToHello) => {
  if (message.type === "count") {
    tell({ type: "counted", requests, connections, faults, requestedAtMs: times.take() });
    return;
  }
  const { manners } = message;
  if (manners === undefined) throw new Error("a misbehaving server that was not told how");
  if (manners.accepts) {
    serve(message, manners);
    return;
  }
  try {
    // Nobody ever calls accept(): connections stay in the queue that `backlog` bounds.
    listenOn(message.host, message.port, manners.backlog);
    tell({ type: "listening" });
  } catch (error) {
    failed(error as NodeJS.ErrnoException);
  }
});
process.on("disconnect", () => process.exit(0));
if (!process.connected) process.exit(0);
tell({ type: "awake" });
