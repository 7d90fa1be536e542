import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, type TestContext } from "vitest";

/**
 * An empty folder that any user may write to, removed when the running test has ended; a process that the test has left to
 * itself may still write there for a moment.
 * @param test where several tests run at the same time: the one whose folder it is
 */
export function temporaryFolder(test: Pick<TestContext, "onTestFinished"> = { onTestFinished }): string {
  const folder = mkdtempSync(join(tmpdir(), "time-wait-bench-test-"));
  test.onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 12 }));
  chmodSync(folder, 0o777);
  return folder;
}
