import type { Subscriber } from "../events/types.js";
import type { PageInput } from "../page/live.js";
import type { World } from "./world.js";

export interface LiveUi {
  heard: Subscriber;
  /** Resolves when somebody looks. */
  seen: Promise<void>;
  /** The page becomes the report, or says that there is none; only the first time. */
  end(report: PageInput | null): Promise<void>;
}

const NO_REPORT = "There is no report: what became of the run stands in the terminal.";

/**
 * The page that follows runs. On a terminal it is opened in a browser, where there is one; its address is told in any case.
 */
export async function openUi({ stderr, env, interrupted }: World): Promise<LiveUi> {
  const [{ serveLive }, { browserCommand, openInBrowser }] = await Promise.all([
    import("../viewers/serve.js"),
    import("../viewers/browser.js"),
  ]);
  const { address, heard, seen, expectBrowser, end } = await serveLive();
  stderr.write(`live page: ${address}\n`);
  const command = stderr.columns === null ? null : browserCommand(env);
  if (command !== null) {
    openInBrowser(command, address);
    expectBrowser();
  }
  let ended: Promise<void> | null = null;
  return {
    heard,
    seen,
    end: (report) => (ended ??= end(report === null ? { said: NO_REPORT } : { report }, interrupted.aborted)),
  };
}
