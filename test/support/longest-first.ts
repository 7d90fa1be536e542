import { existsSync } from "node:fs";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** They take minutes: begun last, everybody would wait for them in the end. The longest stands first. */
const LONG = [
  "test/claims/all.test.ts",
  "test/claims/ports.test.ts",
  "test/end-to-end/servers.test.ts",
  "test/end-to-end/page.test.ts",
  "test/end-to-end/run-sides.test.ts",
  "test/claims/holders.test.ts",
  "test/end-to-end/revisions.test.ts",
  "test/end-to-end/churn.test.ts",
  "test/end-to-end/readme.test.ts",
  "test/claims/queues.test.ts",
  "test/end-to-end/states.test.ts",
  "test/end-to-end/topologies.test.ts",
  "test/end-to-end/sweep.test.ts",
  "test/end-to-end/steps.test.ts",
  "test/end-to-end/captures.test.ts",
  "test/end-to-end/real/close-causes.test.ts",
];

const gone = LONG.filter((name) => !existsSync(new URL(`../../${name}`, import.meta.url)));
if (gone.length > 0) throw new Error(`test/support/longest-first.ts names what there is not: ${gone.join(", ")}`);

/** Vitest's own order, which knows no times in a fresh clone, with the long files before it. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line no-array-sort -- a method of the sequencer, which sorts no array in place
    const sorted = await super.sort(files);
    const long = LONG.flatMap((name) => sorted.filter(({ moduleId }) => moduleId.endsWith(name)));
    return [...long, ...sorted.filter((file) => !long.includes(file))];
  }
}
