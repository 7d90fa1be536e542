import { expect, test } from "vitest";
import { stringify } from "yaml";
import { allScenarios } from "../../src/scenario/folders.js";
import type { Override } from "../../src/scenario/overrides.js";
import { parseFile, parseScenario } from "../../src/scenario/parse.js";
import { readScenarioText } from "../../src/scenario/read.js";

const refs = await allScenarios("/");
const set = (path: string, value: string): Override => ({ path, value, option: `--set ${path}=${value}` });

test.each(refs.map(({ name, path }) => [name, path]))(
  "%s, printed with what options change, means the same",
  async (name, path) => {
    const text = await readScenarioText(path, path);
    const whole = { name, file: path };
    for (const overrides of [[], [set("sample.every", "70ms")], [set("server.port", "8181"), set("load.path", "/x")]]) {
      const { scenario, fields } = parseFile(text, { ...whole, overrides });
      expect(parseScenario(stringify(fields), whole)).toEqual(scenario);
    }
    const { variants } = parseScenario(text, whole);
    const one = parseFile(text, { ...whole, only: [variants.at(-1)!.name] });
    expect(one.scenario.variants).toHaveLength(1);
    expect(parseScenario(stringify(one.fields), whole)).toEqual(one.scenario);
  },
);
