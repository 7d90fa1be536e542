import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readScenario } from "../../src/scenario/read.js";
import { temporaryFolder } from "../support/temporary.js";

function scenarioIn(folder: string): { name: string; path: string; file: string } {
  const path = join(folder, "x.yaml");
  writeFileSync(path, "title: t\nload: { bodyFile: body.json }\n");
  return { name: "x", path, file: "x.yaml" };
}

test("a body's file is found beside the scenario, and its size and hash are kept", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "body.json"), "{}");
  const { variants } = await readScenario(scenarioIn(folder));
  expect(variants[0]!.load.request?.body).toEqual({
    file: join(folder, "body.json"),
    bytes: 2,
    sha256: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
  });
});

test.each([
  ["is not there", () => {}, /no such file/u],
  ["is a folder", (file: string) => mkdirSync(file), /no regular file/u],
  [
    "is too large",
    (file: string) => {
      writeFileSync(file, "");
      truncateSync(file, 1024 * 1024 + 1);
    },
    /larger than 1 MiB/u,
  ],
])("one that %s is refused in a sentence", async (_, make, sentence) => {
  const folder = temporaryFolder();
  make(join(folder, "body.json"));
  await expect(readScenario(scenarioIn(folder))).rejects.toMatchObject({
    code: "bad-scenario",
    message: expect.stringMatching(sentence) as string,
  });
});
