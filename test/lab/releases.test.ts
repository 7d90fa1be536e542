import { expect, test } from "vitest";
import { Releases } from "../../src/lab/releases.js";

test("releases run in reverse order, once, and one that fails does not stop the next", async () => {
  const releases = new Releases();
  const ran: string[] = [];
  releases.add(() => void ran.push("first acquired"));
  releases.add(() => Promise.reject(new Error("cannot be given back")));
  releases.add(async () => {
    await Promise.resolve();
    ran.push("last acquired");
  });
  await Promise.all([releases.run(), releases.run()]);
  await releases.run();
  expect(ran).toEqual(["last acquired", "first acquired"]);
});
