import { createServer, type Socket } from "node:net";
import { listenOn } from "../kernel/listener.js";
import type { FromHello, Manners, ToHello } from "./types.js";

/** A server that answers, and otherwise does on purpose what servers should not do. A process of its own. */

const BODY = "Hello, World!\n";
const END_OF_HEAD = "\r\n\r\n";

let requests = 0;
let connections = 0;

/** Half open: the client's FIN does not end our side, which is ours to keep open. */
function serve({ host, port, manners }: ToHello & { type: "listen" }, { answerAfterMs, ...rest }: Manners): void {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    connections++;
    attend(socket, answerAfterMs, rest);
  });
  server.once("error", (error: NodeJS.ErrnoException) => failed(error));
  server.listen({ host, port, backlog: manners?.backlog }, () => tell({ type: "listening" }));
}

function attend(
  socket: Socket,
  answerAfterMs: number,
  { idleTimeoutMs, closesAfterMs }: Pick<Manners, "idleTimeoutMs" | "closesAfterMs">,
): void {
  let head = "";
  const close = (): void => {
    if (closesAfterMs === 0) socket.end();
    else if (closesAfterMs !== null) setTimeout(() => socket.end(), closesAfterMs);
  };
  const answer = (asksToClose: boolean): void => {
    if (socket.destroyed) return;
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n${asksToClose ? "Connection: close\r\n" : ""}\r\n${BODY}`,
    );
    if (asksToClose) close();
  };
  socket.setEncoding("latin1").on("data", (text: string) => {
    head += text;
    for (let end = head.indexOf(END_OF_HEAD); end !== -1; end = head.indexOf(END_OF_HEAD)) {
      const asksToClose = /^connection:\s*close\s*$/imu.test(head.slice(0, end));
      head = head.slice(end + END_OF_HEAD.length);
      requests++;
      if (answerAfterMs === 0) answer(asksToClose);
      else setTimeout(answer, answerAfterMs, asksToClose);
    }
  });
  socket.on("end", close);
  socket.on("error", () => socket.destroy());
  if (idleTimeoutMs !== null) socket.setTimeout(idleTimeoutMs, () => socket.end());
}

function failed({ message, code = "" }: NodeJS.ErrnoException): void {
  tell({ type: "failed", message, errno: code });
}

function tell(message: FromHello): void {
  if (process.connected) process.send!(message, () => {});
}

process.on("message", (message: ToHello) => {
  if (message.type === "count") {
    tell({ type: "counted", requests, connections });
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
