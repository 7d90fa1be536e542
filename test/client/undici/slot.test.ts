import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { SOCKET_CHANNEL } from "../../../src/client/books/ledger.js";
import { Recorder } from "../../../src/client/books/recorder.js";
import { askedOf, InTurn } from "../../../src/client/http/asked.js";
import { UNFINISHED } from "../../../src/client/http/failure-kind.js";
import type { LoadTarget } from "../../../src/client/types.js";
import { UndiciSlot } from "../../../src/client/undici/slot.js";
import type { LoadPlan } from "../../../src/scenario/types.js";
import { PLAN } from "../load.js";
import { answerAsAsked, startServer } from "../servers.js";

function slotOf(plan: LoadPlan, target: LoadTarget, recorder: Recorder, mayStart: () => boolean): UndiciSlot {
  const asked = askedOf(plan);
  return new UndiciSlot({ plan, target, recorder, mayStart, loop: null, asked, paths: new InTurn(asked.paths) });
}

test("a request that undici still holds back when the drain ends gets no other connection", async () => {
  const server = await startServer(answerAsAsked);
  let abandon: () => void = () => {};
  const recorder = new (class extends Recorder {
    #requests = 0;
    override sent(): void {
      super.sent();
      // undici writes a second request one turn of the event loop later than it takes it.
      if (++this.#requests === 2) queueMicrotask(abandon);
    }
  })(PLAN);
  const slot = slotOf(PLAN, server.target, recorder, () => true);
  abandon = () => slot.abandon();
  slot.start();
  await slot.finished;
  expect(recorder.close()).toMatchObject({
    requests: { sent: 2, succeeded: 1, failed: 1 },
    errors: { [UNFINISHED]: 1 },
  });
  expect([server.connections, server.heads.length]).toEqual([1, 1]);
});

test("a slot may be ended and abandoned more than once", async () => {
  const server = await startServer(() => {});
  const recorder = new Recorder(PLAN);
  const slot = slotOf(PLAN, server.target, recorder, () => true);
  slot.start();
  await expect.poll(() => server.heads.length).toBe(1);
  slot.end();
  slot.end();
  slot.abandon();
  slot.abandon();
  await slot.finished;
  slot.start();
  slot.abandon();
  expect(recorder.close().errors).toEqual({ [UNFINISHED]: 1 });
});

test("an exception in undici ends its connection and the request on it, not the load", async () => {
  const server = await startServer(answerAsAsked);
  const plan = { ...PLAN, connections: 1, requests: 3 };
  const recorder = new Recorder(plan);
  const slot = slotOf(plan, server.target, recorder, () => !recorder.exhausted);
  const error = new Error("The expression evaluated to a falsy value");
  error.stack = `AssertionError: ${error.message}\n    at Parser.execute (/x/node_modules/undici/lib/dispatcher/client-h1.js:323:5)`;
  let thrown = 0;
  const amid = (message: unknown): void => {
    (message as { socket: Socket }).socket.prependListener("readable", () => {
      if (thrown++ === 0) throw error;
    });
  };
  subscribe(SOCKET_CHANNEL, amid);
  try {
    slot.start();
    await slot.finished;
  } finally {
    unsubscribe(SOCKET_CHANNEL, amid);
  }
  expect(recorder.close()).toMatchObject({ requests: { sent: 3, succeeded: 2 }, errors: { "library-bug": 1 } });
});
