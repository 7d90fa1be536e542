import { share, span } from "../../text/figures.js";
import type { FiguresOf, Place } from "../types.js";
import { inStep } from "./places.js";
import type { TextsOf } from "./texts.js";

/** Who waited for a processor. */
export const WAITS: TextsOf<"client-starved" | "server-starved"> = {
  "client-starved": (figures, at) => `客户端${waited(figures, at)}：测得的延迟里含有一部分这种等待`,
  "server-starved": (figures, at) => `服务端${waited(figures, at)}：如果有独占的处理器，它会应答得更快`,
};

function waited({ waitMs, share: part }: FiguresOf["client-starved"], at: Place): string {
  return `等待处理器 ${span(waitMs)}${inStep(at)}，占可运行时间的 ${share(part)}`;
}
