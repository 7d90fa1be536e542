import { connect } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test, vi } from "vitest";
import { findLesson } from "../../src/lessons/find.js";
import { readLesson } from "../../src/lessons/read.js";
import { RECORDED, recordingsIn } from "../../src/lessons/recordings.js";
import type { LessonView } from "../../src/lessons/view-types.js";
import { viewOf } from "../../src/lessons/view.js";
import type { PageState } from "../../src/page/live/messages.js";
import { serveLive } from "../../src/viewers/serve.js";

test("a step of a lesson has panes while its own run, or recording, is the last one that was shown", async () => {
  const lesson = await readLesson(await findLesson("ci", "/"), { autoClient: "epoll" });
  const recorded = await recordingsIn(join(lesson.folder, RECORDED), []);
  const measured = (step: number, ran: boolean, why: string | null = null): LessonView => {
    const result = recorded.get(lesson.steps[step]!.id)!;
    const shown = ran ? { result, recorded: why } : null;
    return viewOf({ lesson, place: { step, part: "measured" }, shown, hands: {}, language: "en" });
  };
  const { address, teach, end } = await serveLive("en");
  onTestFinished(() => end({ said: "" }, true));
  const panes = async (view: LessonView, fresh: boolean): Promise<readonly string[]> => {
    teach(view, fresh);
    return (await whole(`${address}s`)).lesson!.watch;
  };
  const { watch } = lesson.steps[0]!;
  expect(watch).not.toEqual([]);
  expect(await panes(measured(0, false), true)).toEqual(watch);
  expect(await panes(measured(0, true), false)).toEqual(watch);
  expect(await panes(measured(0, true, "the run failed"), true)).toEqual(watch);
  expect(await panes(measured(1, false), true)).toEqual(lesson.steps[1]!.watch);
  // Back to the first, whose run is over.
  expect(await panes(measured(0, true), false)).toEqual([]);
});

test("what stands on the command line of a browser shows it in, once, and is no token; nobody else's is asked in", async () => {
  const { address, addressForBrowser, end } = await serveLive("en");
  onTestFinished(() => end({ said: "" }, true));
  const ticket = addressForBrowser();
  expect(ticket).not.toContain(new URL(address).pathname.slice(1, -1));
  expect((await fetch(`${ticket}/`)).status).toBe(404);
  // Another user may be quicker, and uses nothing up.
  const program = `fetch(${JSON.stringify(ticket)}).then(({ status }) => console.log(status))`;
  const seen = async (uid: number): Promise<string> => (await execa(process.execPath, ["-e", program], { uid })).stdout;
  if (process.getuid?.() === 0) expect(await seen(65_534)).toBe("404");
  const shown = await fetch(ticket, { redirect: "manual" });
  expect([shown.status, new URL(shown.headers.get("location")!, ticket).href]).toEqual([303, address]);
  expect((await fetch(ticket)).status).toBe(404);
  expect((await fetch(address)).status).toBe(200);
});

test("who opens connections without end, or asks without end, gets no more than viewers need", async () => {
  const { address, end } = await serveLive("en");
  onTestFinished(() => end({ said: "" }, true));
  const port = Number(new URL(address).port);
  let dropped = 0;
  const sockets = Array.from({ length: 300 }, () => {
    const socket = connect(port, "127.0.0.1", () => socket.write("GET /"));
    socket.resume().on("error", () => {});
    return socket.on("close", () => void dropped++);
  });
  await vi.waitFor(() => expect(dropped).toBe(300 - 6 * 24), 10_000);
  for (const socket of sockets) socket.destroy();
  await vi.waitFor(async () => expect((await fetch(address)).status).toBe(200), 10_000);
});

/** The first message of the stream. */
async function whole(address: string): Promise<PageState> {
  const { body } = await fetch(address);
  let text = "";
  for await (const part of body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    const data = /^event: whole[^]*?^data: (.*)\n\n/mu.exec(text)?.[1];
    if (data !== undefined) return JSON.parse(data) as PageState;
  }
  throw new Error(`the stream ended after ${text}`);
}
