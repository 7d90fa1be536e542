import { inXml } from "../text/escapes.js";

/** One case of a suite; what is none of the three has passed. */
export interface Case {
  name: string;
  failure?: string;
  /** It could not be told whether it passes. */
  error?: string;
  skipped?: string;
}

export interface Suite {
  name: string;
  cases: readonly Case[];
  /** What else there is to say, a line each. */
  output: readonly string[];
}

/** JUnit XML, as CI systems read it. Ends with a line feed. @param name of the command */
export function junitOf(name: string, suites: readonly Suite[]): string {
  const lines = suites.map(suiteLines).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${inXml(name)}">\n${lines}</testsuites>\n`;
}

function suiteLines({ name, cases, output }: Suite): string {
  const count = (of: "failure" | "error" | "skipped"): number => cases.filter((one) => one[of] !== undefined).length;
  const counts = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
  const out = output.length === 0 ? "" : `    <system-out>${inXml(output.join("\n"))}</system-out>\n`;
  return `  <testsuite name="${inXml(name)}" ${counts}>\n${cases.map((one) => caseLines(name, one)).join("")}${out}  </testsuite>\n`;
}

function caseLines(suiteName: string, one: Case): string {
  const open = `    <testcase classname="${inXml(suiteName)}" name="${inXml(one.name)}"`;
  const how = (["failure", "error", "skipped"] as const).find((each) => one[each] !== undefined);
  return how === undefined
    ? `${open}/>\n`
    : `${open}>\n      <${how} message="${inXml(one[how] ?? "")}"/>\n    </testcase>\n`;
}
