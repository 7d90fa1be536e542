import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { LiveModel } from "../../src/live/model.js";
import { patched, type Plain } from "../../src/live/patch.js";
import { eventsOf } from "../../src/live/replay.js";
import { type ShownState, shownOf } from "../../src/live/shown.js";
import { Channel, MOST_UNREAD } from "../../src/viewers/channel.js";
import { specimens } from "../page/specimens.js";

/** A viewer that reads, or does not. */
class Viewer extends EventEmitter {
  readonly heard: { id: number; event: string; data: unknown }[] = [];
  writableLength = 0;
  destroyed = false;
  readonly #reads: boolean;

  constructor(reads = true) {
    super();
    this.#reads = reads;
  }

  write(text: string): boolean {
    if (!this.#reads) this.writableLength += text.length;
    const [, id, event, data] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)\n\n$/u.exec(text) ?? [];
    if (event !== undefined) this.heard.push({ id: Number(id), event, data: JSON.parse(data!) });
    return this.#reads;
  }

  end(text: string, done: () => void): void {
    this.write(text);
    if (this.#reads) done();
  }

  destroy(): void {
    this.destroyed = true;
    this.emit("close");
  }

  /** What a page makes of it. */
  get state(): unknown {
    let state: Plain = null;
    for (const { event, data } of this.heard) {
      if (event === "whole") state = structuredClone(data) as Plain;
      if (event === "change") state = patched(state, structuredClone(data) as never);
    }
    return state;
  }

  get response(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

const EVENTS = [...eventsOf(specimens()["chain"]!)];

function plain(state: ShownState): unknown {
  return JSON.parse(JSON.stringify(state));
}

test("who was there from the start, came late, came back, or was away for long has the same in the end", () => {
  const model = new LiveModel();
  const channel = new Channel(shownOf(model.state));
  const [early, late, back] = [new Viewer(), new Viewer(), new Viewer()];
  channel.add(early.response, undefined);
  channel.add(back.response, undefined);
  for (const [at, event] of EVENTS.entries()) {
    model.heard(event);
    if (at === 100) back.destroy();
    if (at === 200) channel.add(late.response, undefined);
    if (at === 300) channel.add(back.response, String(back.heard.at(-1)!.id));
    if (at % 7 === 0 || at === EVENTS.length - 1) channel.tell(shownOf(model.state));
  }
  const state = plain(shownOf(model.state));
  for (const viewer of [early, late, back]) expect(viewer.state).toEqual(state);
  expect([early, late, back].map(({ heard }) => heard.filter(({ event }) => event === "whole").length)).toEqual([
    1, 1, 1,
  ]);
  const ids = early.heard.map(({ id }) => id);
  expect(ids).toEqual(ids.map((_, at) => at));
  expect(back.heard.map(({ id }) => id)).toEqual(ids);
  // What nobody has sent is no number of a message.
  for (const lastId of ["x", "-1", String(ids.length + 5)]) {
    const stranger = new Viewer();
    channel.add(stranger.response, lastId);
    expect(stranger.heard.map(({ event }) => event)).toEqual(["whole"]);
  }
});

test("nothing is sent while nothing changes", () => {
  const model = new LiveModel();
  const channel = new Channel(shownOf(model.state));
  const viewer = new Viewer();
  channel.add(viewer.response, undefined);
  for (let i = 0; i < 5; i++) channel.tell(shownOf(model.state));
  expect(viewer.heard).toHaveLength(1);
});

test("the whole alone drops nobody, however long it is; what is left unread beyond it does", () => {
  const model = new LiveModel();
  const long = { ...shownOf(model.state), runs: [{ text: "x".repeat(3 * MOST_UNREAD) }] as never };
  const channel = new Channel(long);
  const slow = new Viewer(false);
  channel.add(slow.response, undefined);
  expect([slow.heard.length, slow.destroyed]).toEqual([1, false]);
  channel.tell({ ...long, runs: [{ text: "y".repeat(MOST_UNREAD + 1) }] as never });
  expect(slow.destroyed).toBe(true);
});

test("a viewer that does not read is dropped before it holds much, and nobody waits for it at the end", async () => {
  const model = new LiveModel();
  const channel = new Channel(shownOf(model.state));
  const [sleeper, reader] = [new Viewer(false), new Viewer()];
  for (const { response } of [sleeper, reader]) channel.add(response, undefined);
  const state = shownOf(model.state);
  for (let i = 0; !sleeper.destroyed && i < 100; i++) {
    channel.tell({ ...state, atMs: i, runs: [{ text: "x".repeat(100_000) + i }] as never });
    expect(sleeper.writableLength).toBeLessThan(MOST_UNREAD + 200_000);
  }
  expect([sleeper.destroyed, reader.destroyed, channel.viewers]).toEqual([true, false, 1]);
  await channel.end({ said: "over" });
  expect(reader.heard.at(-1)).toMatchObject({ event: "end", data: { said: "over" } });
});
