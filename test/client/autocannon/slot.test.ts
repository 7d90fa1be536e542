import { EventEmitter } from "node:events";
import { Socket } from "node:net";
import { beforeEach, describe, expect, test } from "vitest";
import { type AutocannonClient, CONNECT, gatesOf, REQUEST } from "../../../src/client/autocannon/inside.js";
import { AutocannonSlot } from "../../../src/client/autocannon/slot.js";
import { Recorder } from "../../../src/client/books/recorder.js";

/** What autocannon's client does at each of the places that the slot watches, without a network. */
class FakeClient extends EventEmitter {
  conn?: Socket;
  destroyed = false;
  timeout = 10_000;
  done: string[] = [];
  parser = { type: "RESPONSE", reinitialize: () => this.done.push("parser reset"), execute: (): unknown => undefined };
  pipelinedRequests = { clear: () => this.done.push("queue emptied") };
  [CONNECT] = (): void => {
    this.done.push("connect");
    this.conn = new Socket();
    this[REQUEST]();
  };
  [REQUEST] = (): void => void this.done.push("request");
  destroy(): void {
    this.destroyed = true;
    this.conn?.destroy();
  }
}

let fake: FakeClient;
let recorder: Recorder;
let slot: AutocannonSlot;
let mayStart: boolean;

beforeEach(() => {
  fake = new FakeClient();
  recorder = new Recorder({ durationMs: 1000, requests: null });
  mayStart = true;
  slot = new AutocannonSlot(fake as unknown as AutocannonClient, recorder, () => mayStart, {
    connection: "keep-alive",
  });
});

describe("a connection", () => {
  test("begins without anything of the one before", () => {
    fake[CONNECT]();
    expect(fake.done).toEqual(["parser reset", "queue emptied", "connect", "request"]);
  });

  test("is not made beside one that is in use", () => {
    fake[CONNECT]();
    fake[CONNECT]();
    expect(fake.done.filter((what) => what === "connect")).toHaveLength(1);
    expect(recorder.progress(0)).toMatchObject({ failed: 0 });
  });

  test("follows at once on one that was made and has ended", () => {
    fake[CONNECT]();
    fake.conn?.emit("connect");
    fake.conn?.destroy();
    fake[CONNECT]();
    expect(fake.done.filter((what) => what === "connect")).toHaveLength(2);
  });

  test("waits after one that could not be made", async () => {
    fake[CONNECT]();
    fake.conn?.destroy();
    fake[CONNECT]();
    fake[CONNECT]();
    const connects = (): number => fake.done.filter((what) => what === "connect").length;
    expect(connects()).toBe(1);
    await expect.poll(connects).toBe(2);
  });

  test("is not made when the load is over", async () => {
    fake[CONNECT]();
    fake.conn?.emit("connect");
    fake.conn?.destroy();
    mayStart = false;
    fake[CONNECT]();
    await slot.finished;
    expect(fake.done.filter((what) => what === "connect")).toHaveLength(1);
  });

  test("carries a request, though the load ends while it is made", () => {
    let asked = 0;
    const other = new FakeClient();
    const gates = new AutocannonSlot(other as unknown as AutocannonClient, recorder, () => ++asked === 1, {
      connection: "keep-alive",
    });
    gates.start();
    other[CONNECT]();
    expect(other.done.at(-1)).toBe("request");
  });
});

test("a response ends the request that was sent last, and lets the next one go", () => {
  fake[CONNECT]();
  fake.emit("response", 200, 0, 123_456);
  fake[REQUEST]();
  fake.emit("response", 503, 0, 1);
  fake.emit("response", 200, 0, 1);
  expect(recorder.close()).toMatchObject({
    requests: { sent: 2, succeeded: 1, failed: 1 },
    errors: { "HTTP 503": 1 },
  });
});

test("an answer in the bytes amid which its request was written is not the answer to it", () => {
  fake = new FakeClient();
  fake.parser.execute = () => {
    fake.emit("response", 200);
    fake[REQUEST]();
    fake.emit("response", 200);
    // What autocannon does for an answer without a request.
    const error = new TypeError("no request");
    error.stack = "TypeError: no request\n    at Client (/x/node_modules/autocannon/lib/httpClient.js:96:44)";
    throw error;
  };
  slot = new AutocannonSlot(fake as unknown as AutocannonClient, recorder, () => mayStart, {
    connection: "keep-alive",
  });
  fake[CONNECT]();
  fake.conn?.on("error", () => {});
  (fake.parser.execute as (chunk: Buffer) => unknown)(Buffer.from(""));
  expect(fake.conn?.destroyed).toBe(true);
  expect(recorder.close()).toMatchObject({
    requests: { sent: 2, succeeded: 1, failed: 1 },
    errors: { "malformed-response": 1 },
  });
});

test("an autocannon with another client inside is refused", () => {
  expect(() => gatesOf(fake as unknown as AutocannonClient)).not.toThrow();
  expect(() => gatesOf(new EventEmitter() as unknown as AutocannonClient)).toThrow(/9\.x/u);
});
