import { expect, test } from "vitest";
import { benchHere } from "../support/here.js";

test("an audit of a command line of one's own, in situations that it does not have, is refused before anything runs", async () => {
  const run = await benchHere(["audit", "wrk", "--only", "close", "--", "-c", "1", "{url}"]);
  expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  expect(run.stderr).toContain("it has no close");
});
