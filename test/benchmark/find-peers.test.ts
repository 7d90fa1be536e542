import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary.js";
import { findProgram, parseVersion, programFolders, versionOf } from "./find-peers.js";

function program(folder: string, name: string, text = "#!/bin/sh\n", mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe("a program", () => {
  test("is the first of its name that may be run", () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    program(first, "wrk", "", 0o644);
    const wrk = program(second, "wrk");
    expect(findProgram("wrk", [first, second])).toBe(wrk);
    expect(findProgram("ab", [first, second])).toBeNull();
  });

  test("is looked for on the PATH first, then where it is installed to", () => {
    expect(programFolders({ PATH: "/a:/b", HOME: "/home/user" })).toEqual([
      "/a",
      "/b",
      "/usr/sbin",
      "/home/user/.cargo/bin",
      "/home/user/go/bin",
    ]);
    expect(programFolders({ HOME: "/h", CARGO_HOME: "/c", GOBIN: "/g" })).toEqual(["/usr/sbin", "/c/bin", "/g"]);
  });
});

describe("a version", () => {
  test.each([
    ["wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012 Will Glozer", "4.1.0"],
    ["This is ApacheBench, Version 2.3 <$Revision$>", "2.3"],
    ["h2load nghttp2/1.52.0", "1.52.0"],
    ["New configuration template added to /home/user/.siege\nSIEGE 4.0.7", "4.0.7"],
    ["oha 1.16.0", "1.16.0"],
    ["k6 v1.8.1 (go1.26.8, linux/amd64)", "1.8.1"],
    ["Version: v12.12.0\nCommit:\nRuntime: go1.26.8 linux/amd64", "12.12.0"],
    ["Version: \nCommit: \nRuntime: go1.26.8 linux/amd64", null],
    ["nginx version: nginx/1.22.1", "1.22.1"],
  ])("in %j is %s", (output, version) => {
    expect(parseVersion(output)).toBe(version);
  });

  test("is found on stderr too, and when the program then fails", async () => {
    const path = program(temporaryFolder(), "tool", "#!/bin/sh\necho tool 1.2.3 >&2\nexit 1\n");
    expect(await versionOf(path, ["-v"])).toBe("1.2.3");
  });

  test("is not asked for where there is none to tell", async () => {
    expect(await versionOf("/does/not/exist", null)).toBeNull();
  });
});
