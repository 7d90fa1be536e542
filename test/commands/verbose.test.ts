import { expect, test } from "vitest";
import { tellActions } from "../../src/commands/verbose.js";
import { Events } from "../../src/events/events.js";

/** What stands on stderr after a trial in which a server was started, and a step failed. */
async function written(names: readonly string[]): Promise<string[]> {
  let text = "";
  const write = (more: string): boolean => {
    text += more;
    return true;
  };
  const events = new Events(() => 0);
  events.subscribe(tellActions({ write, columns: 80, rows: null, color: true }, names));
  const ofTrial = events.ofRun(0).ofTrial("close", 0);
  ofTrial.tell({ type: "trial", order: 0 });
  await ofTrial.during(
    { host: "server", what: "start server", command: "node \u001b[31mx.js\n--port 1" },
    async () => {},
  );
  await ofTrial.step({ step: "fill", does: "load" }, () => Promise.reject(new Error("no client"))).catch(() => {});
  return text.trimEnd().split("\n");
}

test("one line for each thing that was done, safe to print and without colours", async () => {
  expect(await written(["one"])).toEqual([
    "      0.0 ms                        trial 1: close",
    "      0.0 ms      0.0 ms  server    start server: node x.js --port 1",
    "      0.0 ms      0.0 ms            step fill; failed: no client",
  ]);
});

test("of several runs each line names its own", async () => {
  const lines = await written(["one", "two"]);
  expect(lines[1]).toContain("one server");
});
