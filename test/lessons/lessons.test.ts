import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { typed } from "../../src/lessons/commands.js";
import { findLesson, ownLessons } from "../../src/lessons/find.js";
import { filledIn, rightChoice, whyNotShown } from "../../src/lessons/judge.js";
import { readLesson } from "../../src/lessons/read.js";
import { RECORDED, recordingsIn } from "../../src/lessons/recordings.js";
import { screenOf } from "../../src/lessons/screens.js";
import type { RunResult } from "../../src/result/types.js";
import { inLanguage } from "../../src/text/language.js";
import { displayWidth } from "../../src/text/width.js";
import { type Part, PARTS } from "../../src/lessons/place.js";
import { parseText, placeholdersIn } from "../../src/lessons/text.js";
import { viewOf } from "../../src/lessons/view.js";
import { SECTIONS } from "../../src/lessons/types.js";
import { englishIn, textsOfOthers } from "../support/chinese.js";
import { benchHere } from "../support/here.js";
import { temporaryFolder } from "../support/temporary.js";

const read = async (name: string) => readLesson(await findLesson(name, "/"), { autoClient: "epoll" });
const names = await ownLessons();

describe.each(names)("the lesson %s", (name) => {
  test("says the same in both languages, with the same figures", async () => {
    for (const { id, texts } of (await read(name)).steps) {
      const { en, zh } = texts;
      for (const section of SECTIONS) {
        const figures = (text: string): Set<string> => new Set(placeholdersIn(text).map(({ path }) => path));
        expect([id, section, en.sections[section] === ""]).toEqual([id, section, zh.sections[section] === ""]);
        expect([id, figures(zh.sections[section])]).toEqual([id, figures(en.sections[section])]);
      }
      for (const text of [zh.title, ...Object.values(zh.choices)])
        expect([id, text]).toEqual([id, expect.stringMatching(/[\p{Script=Han}_]/u)]);
    }
  });

  test("rests on nothing that depends on how fast the machine is", async () => {
    const figures = (await read(name)).steps.flatMap(({ shows, choices }) =>
      shows.concat(
        choices.flatMap(({ when }) => when.flatMap((one) => (one.kind === "figure" ? [one.expectation] : []))),
      ),
    );
    const timed = figures.filter(({ text }) => /Us\b|perSec|Ms\b|durationMs/u.test(text));
    expect(timed.map(({ text }) => text)).toEqual([]);
  });

  test("has a recording of each step that shows what it should, and one right answer", async () => {
    const { folder, steps } = await read(name);
    const recordings = await recordingsIn(join(folder, RECORDED), steps);
    for (const step of steps) {
      const recorded = recordings.get(step.id);
      expect([step.id, recorded?.status]).toEqual([step.id, "complete"]);
      expect([step.id, whyNotShown(step, recorded!)]).toEqual([step.id, null]);
      expect(step.choices.map(({ id }) => id)).toContain(rightChoice(step, recorded!));
      // What a replay is drawn from.
      const drawn = Object.values(recorded!.variants).flatMap(({ trials }) => trials.map(({ timeline }) => timeline));
      for (const { client, server, load } of drawn) {
        const points = [client, server].map((host) => host?.table.atMs.length ?? 0);
        expect([step.id, points.some((n) => n > 0)]).toEqual([step.id, true]);
        expect(Math.max(...points, load.atMs.length)).toBeLessThanOrEqual(30);
      }
    }
  });

  test("says in Chinese nothing in English but names", async () => {
    const lesson = await read(name);
    const recordings = await recordingsIn(join(lesson.folder, RECORDED), lesson.steps);
    const left = lesson.steps.flatMap((step, at) => {
      const shown = { result: recordings.get(step.id)!, recorded: "录制" };
      const drawn = (part: Part) => viewOf({ lesson, place: { step: at, part }, shown, hands: {}, language: "zh" });
      const texts = PARTS.map(drawn).flatMap((view) => {
        const { title, where, heading, blocks, choices, sum, origin, keys } = view;
        const prose = blocks.flatMap((block) => (block.kind === "drawing" ? block.lines : [block.text]));
        return [title, where, heading, sum, origin, keys].concat(
          prose,
          choices.map(({ text }) => text),
        );
      });
      // Commands, and lines of a program.
      const without = texts.join("\n").replaceAll(/`[^`]*`|^[-+] .*;$/gmu, "※");
      return englishIn(without, textsOfOthers(shown.result));
    });
    expect(left).toEqual([]);
  });
});

describe("a lesson from recordings", () => {
  const taught = async (lang: string, lines: readonly string[]) => {
    const cache = await mkdtemp(join(tmpdir(), "time-wait-bench-lesson-"));
    onTestFinished(() => rm(cache, { recursive: true }));
    const folder = join(await findLesson("time-wait", "/"), RECORDED);
    const args = ["workshop", "time-wait", "--from", folder, "--lang", lang];
    return {
      again: () => benchHere(args, { env: { XDG_CACHE_HOME: cache }, typed: ["q"] }),
      run: await benchHere(args, { env: { XDG_CACHE_HOME: cache }, typed: lines }),
    };
  };

  test("holds the guess against what was measured, and goes on where it stopped", async () => {
    const { run, again } = await taught("en", ["", "1=4 2=12", "", "h", "n", "b", "", "", "", "", "", "q"]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("4 of 16 hands were right (25 %).");
    expect(run.stdout).toContain("From a recording: recordings were asked for.");
    expect(run.stdout).toContain("Which ACK is never acknowledged?");
    expect(run.stdout).toContain("let the room fill in the states");
    expect((await again()).stderr).toContain("It goes on at step 2 of 9");
  });

  test.each(["en", "zh"])("comes to its end in %s, with every figure filled in", async (lang) => {
    const { run, again } = await taught(lang, Array<string>(9 * 5).fill(""));
    expect(run.stderr).toBe("");
    expect(run.exitCode).toBe(0);
    expect(run.stdout).not.toMatch(/\{[\w-]+\.[\w.-]+\}|: \?$/mu);
    expect(run.stdout).toContain(lang === "en" ? "The end of the lesson." : "本课到此结束");
    expect((await again()).stderr).toBe("");
  });
});

test("what is no command is said, and what is not measured yet has no figure", async () => {
  const folder = temporaryFolder();
  const lines = ["", "9=2", "b"];
  const { stdout } = await benchHere(["workshop", "time-wait"], { env: { XDG_CACHE_HOME: folder }, typed: lines });
  expect(stdout).toContain("“9=2” is no command and no choice");
  expect(stdout.split("Who still has a socket?")).toHaveLength(2);
  expect(filledIn("{close.requests.perSec} a second", null)).toBe("… a second");
});

test("why a run failed is told in the lesson's language, with what to do", () => {
  const failed = { status: "failed", error: { code: "isolation-not-permitted", message: "no namespace", hint: "" } };
  const why = (): string | null => whyNotShown({ shows: [], choices: [] }, failed as RunResult);
  expect(why()).toBe("no namespace");
  expect(inLanguage("zh", why)).toBe("本机不允许建立网络命名空间，bench doctor 会说明怎样解决（no namespace）");
});

test("what a run that broke off has not compared is not shown, and no choice is right by it", async () => {
  const lesson = await read("ci");
  const step = lesson.steps.find(({ id }) => id === "compare")!;
  const recorded = (await recordingsIn(join(lesson.folder, RECORDED), [])).get(step.id)!;
  expect(filledIn("{compared.summary}", recorded)).toMatch(/\w{3}/u);
  const brokenOff: RunResult = { ...recorded, status: "failed" };
  expect(filledIn("{compared.summary}", brokenOff)).toBe("?");
  expect(rightChoice(step, brokenOff)).toBeNull();
});

test("a step shows nothing where no choice is right", async () => {
  const lesson = await read("time-wait");
  const step = lesson.steps.find(({ id }) => id === "four-way")!;
  const recorded = (await recordingsIn(join(lesson.folder, RECORDED), [])).get(step.id);
  const choices = step.choices.filter(({ id }) => id === "server");
  expect(whyNotShown({ ...step, choices }, recorded!)).toBe("no choice is right by what was measured");
});

test.each(names)("questions and answers of %s fit a terminal of any width", async (name) => {
  const lesson = await read(name);
  const recordings = await recordingsIn(join(lesson.folder, RECORDED), []);
  for (const columns of [20, 40, 80, 100])
    for (const language of ["en", "zh"] as const)
      for (const [at, step] of lesson.steps.entries()) {
        const result = recordings.get(step.id);
        const hands = Object.fromEntries(step.choices.map(({ id }, n) => [id, n === 0 ? 100 : 7]));
        const shown = { result: result!, recorded: null };
        for (const part of ["question", "measured"] as const) {
          const view = viewOf({ lesson, place: { step: at, part }, shown, hands, language });
          const lines = screenOf(view, columns);
          // Its title is one line, and a terminal breaks it.
          const wide = lines.slice(1).filter(({ text }) => displayWidth(text) > Math.max(columns, 42));
          expect([step.id, wide]).toEqual([step.id, []]);
        }
      }
});

test.each([
  ["", { do: "next" }],
  ["B", { do: "back" }],
  ["3=12", { do: "hands", hands: [{ choice: 3, hands: 12 }] }],
  [
    "１＝３ 2",
    {
      do: "hands",
      hands: [
        { choice: 1, hands: 3 },
        { choice: 2, hands: 1 },
      ],
    },
  ],
  ["4=1", { do: "unknown", text: "4=1" }],
  ["what", { do: "unknown", text: "what" }],
])("%j is understood", (line, is) => {
  expect(typed(line, 3)).toEqual(is);
});

test("a step's text has its sections, and a text for each choice", () => {
  const { text, faults } = parseText("# T\n## before\nx\n## question\nq?\n- a: first\n- c: third\n## wy\n", ["a", "b"]);
  expect([text.title, text.sections.question, text.choices]).toEqual(["T", "q?", { a: "first" }]);
  expect(faults.map(({ message }) => message)).toEqual([
    "there is no section `wy`",
    "the section `## measured` is missing",
    "the section `## why` is missing",
    "the section `## life` is missing",
    "lesson.yaml has no choice `c`",
    "the choice `b` has no text",
  ]);
});

test("every fault of a lesson is told at its line", async () => {
  const folder = join(temporaryFolder(), "mine");
  await mkdir(folder);
  const step =
    "  - id: one\n    scenario: who-closes\n    shows: [server-closes.timeWait.sever.created == 23]\n    choices: { yes: verdict == confirmed, no: otherwise }\n";
  await writeFile(
    join(folder, "lesson.yaml"),
    `title: { en: a, zh: b }\nabout: { en: a, zh: b }\nminutes: 1\nsteps:\n${step}`,
  );
  const text =
    "# T\n## before\nx\n## question\n- yes: y\n- no: n\n## measured\n{client-closes.requests.perSek}\n## why\nx\n## life\nx\n";
  await writeFile(join(folder, "one.en.md"), text);
  const { stderr, exitCode } = await benchHere(["workshop", folder], { env: { XDG_CACHE_HOME: folder } });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("lesson.yaml:7:");
  expect(stderr).toContain("there is no metric `timeWait.sever.created`");
  expect(stderr).toContain("tests no claim");
  expect(stderr).toContain("one.en.md:8:");
  expect(stderr).toContain("one.zh.md");
});
