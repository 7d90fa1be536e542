import type { BookLine, RunResult, Warning } from "../../src/result/types.js";
import { type FiguresOf, warning, type WarningCode } from "../../src/warnings/table.js";
import { stored } from "../../src/words/stored.js";
import { STORED } from "../../src/words/en/stored.js";
import { closeTrial, measured, result, variantOf } from "../report/fixture.js";

/** Every warning, and in its kinds. */
const FIGURES: { readonly [Code in WarningCode]: readonly FiguresOf<Code>[] } = {
  "no-isolation": [{ why: null }, { why: "not permitted here: EPERM", lack: "isolation-not-permitted" }],
  "sysctls-not-applied": [{ settings: "net.ipv4.tcp_tw_reuse is 2, not 1; net.ipv4.tcp_fin_timeout is absent, not 7" }],
  "counted-by-client": [{}],
  "sides-by-client": [{}],
  "counter-not-calibrated": [{}],
  "half-closed": [{ role: "server" }, { role: "client" }],
  "program-unreadable": [{ what: stored("no-summary", { program: "wrk 4.1.0" }) }],
  "time-wait-before": [
    { sockets: 1, ofWarmUp: true },
    { sockets: 17, ofWarmUp: false },
  ],
  "sampler-late": [
    { host: "the host", missed: 13, planned: 41, latestMs: 2300 },
    { host: "the client", missed: 13, planned: 41, latestMs: 23 },
  ],
  "sampler-fault": [{ failed: 3, first: "ENOENT" }],
  "client-cpu-bound": [
    { client: "undici 7.30.2", cores: 0.97, threads: 1 },
    { client: "undici 7.30.2", cores: 1.97, threads: 2 },
  ],
  "rate-not-kept": [
    { sentPerSec: 97, due: 131, unsent: 1, connections: 1 },
    { sentPerSec: 97, due: 131, unsent: 23, connections: 11 },
  ],
  "books-unbalanced": [
    {
      line: "requests sent",
      left: "the client",
      leftCount: 7,
      right: "the server",
      rightCount: 5,
      reason: "possibly x",
    },
  ],
};

const WARNINGS: Warning[] = Object.entries(FIGURES).flatMap(([code, all]) =>
  all.map((figures) => warning(code as WarningCode, figures as never)),
);

/** Each sentence that a document keeps, as a reason of a line that does not balance. */
const BOOKS: BookLine[] = Object.values<string>(STORED).map((text, at) => {
  const reason = text
    .replaceAll("{role}", "client")
    .replaceAll("{host}", "server")
    .replaceAll(/\{\w+\}/gu, `x${at}`);
  return {
    name: stored("time-wait-at", { role: "server" }),
    left: { who: stored("clients-kernel"), count: 100 + at },
    right: { who: stored("the-gauge"), count: 7 },
    difference: 93 + at,
    balanced: false,
    reason: at % 2 === 0 ? reason : stored("possibly", { reason }),
  };
});

/** A result with every doubt that there is. */
export const DOUBTFUL: RunResult = result([[variantOf("only"), measured({ ...closeTrial(), books: BOOKS })]], {
  warnings: WARNINGS.map((one) => Object.assign(one, { variant: "only", trial: 0 })),
  status: "failed",
  error: { code: "server-died", message: "its server has ended", hint: "" },
});
