import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { inLanguage } from "../../src/text/language.js";
import { FAILURES } from "../../src/words/en/failures.js";
import { failure, remedyInLab } from "../../src/words/failures.js";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));
const code = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.startsWith("words"))
  .map((file) => readFileSync(join(SRC, file), "utf8"))
  .join("\n");

describe("errors that may end a step of a lesson", () => {
  test("are thrown with the sentences and hints by which they are known", () => {
    const literal = (text: string): string => text.replaceAll(/[()+.?*[\]|^$\\]/gu, String.raw`\$&`);
    const missing = Object.values(FAILURES).filter((text) => {
      const parts = text.split(/\{\w+\}/u).map(literal);
      return !new RegExp(parts.join("[^]{0,120}?"), "u").test(code);
    });
    expect(missing).toEqual([]);
  });

  test.each([
    [
      "isolation-not-permitted",
      "network namespaces are not permitted here: unshare: Operation not permitted",
      "本机不允许建立网络命名空间：unshare: Operation not permitted",
    ],
    [
      "server-died",
      "the server ended before it was ready (exit code 1); the last lines of its output:\n  | boom (x)",
      "server 中途退出（before it was ready，exit code 1）; the last lines of its output:\n  | boom (x)",
    ],
    ["lab-failed", "something new", "实验环境搭建失败，bench doctor 会说明缺什么（something new）"],
  ])("%s is told in Chinese, with what a machine says of it: %j", (is, message, said) => {
    expect(failure({ code: is, message })).toBe(message);
    expect(inLanguage("zh", () => failure({ code: is, message }))).toBe(said);
  });

  test("tell a lesson of no way that goes without a lab", () => {
    const hint = `Or run as root: sudo npx bench …\n${FAILURES["do-loopback"]}`;
    expect(remedyInLab(hint)).toBe("Or run as root: sudo npx bench …");
    expect(remedyInLab("")).toBe("");
  });

  test("say in Chinese what to do, each way on a line", () => {
    const hint = "Or run as root: sudo npx bench …\nRun `bench doctor` to see what is missing.\nof another version";
    expect(remedyInLab(hint)).toBe(hint);
    expect(inLanguage("zh", () => remedyInLab(hint))).toBe(
      "或者用 sudo 以 root 身份运行。\n运行 `bench doctor`，看看缺什么。\nof another version",
    );
  });
});
