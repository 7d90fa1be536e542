import { BaseSequencer, type TestSpecification } from "vitest/node";

/** They take minutes, mostly by waiting: begun last, everybody would wait for them in the end. */
const LONG = [
  "test/claims/all.test.ts",
  "test/end-to-end/readme.test.ts",
  "test/end-to-end/page.test.ts",
  "test/end-to-end/servers.test.ts",
  "test/claims/holders.test.ts",
  "test/end-to-end/churn.test.ts",
  "test/end-to-end/states.test.ts",
  "test/end-to-end/run-sides.test.ts",
  "test/end-to-end/revisions.test.ts",
];

/** Vitest's own order, which knows no times in a fresh clone, with the long files before it. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line no-array-sort -- a method of the sequencer, which sorts no array in place
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.some((name) => moduleId.endsWith(name));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
