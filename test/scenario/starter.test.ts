import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadScenarios } from "../../src/scenario/load.js";
import { writeStarter } from "../../src/scenario/starter.js";
import { temporaryFolder } from "../support/temporary.js";

const NOTHING = { command: null, port: null, path: "/" };

async function started(asked: Parameters<typeof writeStarter>[2], cwd = temporaryFolder()) {
  await writeStarter(join(cwd, "api.yaml"), "api.yaml", asked);
  const [scenario] = await loadScenarios(["./api.yaml"], cwd);
  return scenario!;
}

test("without a word about the service, the embedded server is measured", async () => {
  const { variants } = await started(NOTHING);
  expect(variants.map(({ name, server, load }) => [name, server.kind, load.connection])).toEqual([
    ["close", "node", "close"],
    ["keep-alive", "node", "keep-alive"],
  ]);
});

test("a folder with a start script gives the command", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "package.json"), JSON.stringify({ scripts: { start: "node server.js" } }));
  expect((await started(NOTHING, cwd)).variants[0]!.server).toMatchObject({
    kind: "command",
    command: "npm start",
    cwd,
    env: { HOST: "{host}", PORT: "{port}" },
  });
});

test.each([`gunicorn -b {host}:{port} 'app:main("x")' # \\ "`, "a: b\nc"])(
  "the command %j stays as it is",
  async (command) => {
    const { variants } = await started({ command, port: 3000, path: "/health?x=1" });
    expect(variants[0]!.server).toMatchObject({ command, port: 3000 });
    expect(variants[0]!.load.path).toBe("/health?x=1");
  },
);

test("a file that exists is left as it is, and a path that is none is refused", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "api.yaml"), "mine");
  await expect(started(NOTHING, cwd)).rejects.toMatchObject({ code: "output-not-writable" });
  expect(readFileSync(join(cwd, "api.yaml"), "utf8")).toBe("mine");
  await expect(started({ ...NOTHING, path: "no path" })).rejects.toMatchObject({ code: "bad-scenario" });
});
