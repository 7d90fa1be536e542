import { expect, test } from "vitest";
import { Recorder, UNFINISHED } from "../../src/client/recorder.js";
import { UndiciSlot } from "../../src/client/undici-slot.js";
import { PLAN } from "./load.js";
import { answerAsAsked, startServer } from "./servers.js";

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
  const slot = new UndiciSlot(PLAN, server.target, recorder, () => true);
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
  const slot = new UndiciSlot(PLAN, server.target, recorder, () => true);
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
