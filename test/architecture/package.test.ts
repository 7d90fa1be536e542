import { expect, test } from "vitest";
import { runProgram } from "../support/bench.js";

/** What `npm pack` says of the package that it would make. Older npms give a list of packages, newer ones name them. */
interface Pack {
  unpackedSize: number;
  files: { path: string }[];
}

async function pack(): Promise<Pack> {
  // Without its scripts: they would build dist/ anew, under the tests that run it.
  const run = await runProgram("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"]);
  const [packed] = Object.values(JSON.parse(run.stdout) as Record<string, Pack>);
  return packed!;
}

test("the npm package is below 1.7 MB and holds what runs, without tests and without results but the sample", async () => {
  const { unpackedSize, files } = await pack();
  expect(unpackedSize).toBeLessThan(1_700_000);

  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(["package.json", "README.md", "LICENSE", "dist/cli.js", "dist/agent.js"]),
  );
  expect(paths).toEqual(
    expect.arrayContaining(["scenarios/who-closes.yaml", "scenarios/claims/syn-backlog.yaml", "dist/sample.json.gz"]),
  );
  const only = /^(?:dist|scenarios|src\/(?:client|server)\/go)\/|^(?:package\.json|README\.md|LICENSE)$/u;
  expect(paths.filter((path) => !only.test(path))).toEqual([]);
  expect(paths.filter((path) => path.includes("/results/") || path.includes(".test."))).toEqual([]);
});
