import type { RunResult } from "../../src/result/types.js";

/**
 * What may stand in English on a Chinese report: names and what is typed. Whatever else has two words of English side by side is
 * a sentence that was left.
 */
const MAY_STAY: readonly RegExp[] = [
  // What is typed: commands with their options, and files.
  /bench \w+(?: (?:FILE|BASE|HEAD|report\.html))*(?: --[\w-]+(?: [\w.,/-]+)?)*/gu,
  /--[\w-]+(?: \d+)?/gu,
  // Metrics, settings, hosts with a port, versions, flags: names with a dot, a slash, an underscore or a colon in them.
  /[\w-]+(?:[./:_][\w-]+)+/gu,
  // Codes and names of variants and scenarios, such as keep-alive.
  /\b[a-z\d]+(?:-[a-z\d]+)+\b/gu,
  // Gates.
  /not worse/gu,
  // HTTP's and the kernel's own.
  /Connection: (?:close|keep-alive)|SO_LINGER \{[^}]*\}|accept queue|connect\(\)/gu,
  // Constants, counters, units: anything with a capital beyond its first letter, or a figure.
  /\b\w*[A-Z\d]\w*[A-Z]\w*\b|\b\w*\d\w*\b/gu,
  // Programs and roles, as they are called in scenarios and on charts.
  /\b(?:client|server|proxy|backend|nat|base|head|bench|close|closed|node|Node|undici|autocannon|epoll|nginx|haproxy|wrk|ab|hey|oha|go|netfilter|sockstat|namespace|bytes|max|errno|none|succeeded|failed)\b/gu,
];

/** Two words of English side by side: what a sentence has, and a name has not. */
const SENTENCE = /\b[A-Za-z][a-z]+(?:'s)?,? [a-z]{2,}\b/u;

/** What stands in a scenario's file is its author's; what a machine says of an error stands behind the Chinese. */
export function textsOfOthers({ scenario, environment, error, claim: judged, warnings }: RunResult): string[] {
  const { name, title, explanation, claim, expect, gates, variants } = scenario;
  const ofClaim = claim === null ? [] : stringsIn(claim);
  return [
    name,
    title,
    explanation ?? "",
    ...ofClaim,
    ...expect.map(({ text }) => text),
    ...gates.map(({ text }) => text),
    ...variants.flatMap((variant) => variant.phases.map((phase) => phase.name).concat(variant.name)),
    ...stringsIn(environment),
    error?.message ?? "",
    error?.hint ?? "",
    judged?.reason ?? "",
    ...warnings.map(({ figures }) => String(figures?.["why"] ?? "")),
  ].filter((text) => text.length > 2);
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** Texts of XML: what is named, and what is said. */
export function textsOfXml(xml: string): string {
  return [...xml.matchAll(/(?: (?:name|message)="([^"]*)"|>([^<]+)<)/gu)].map(([, of, text]) => of ?? text).join("\n");
}

/** Lines in which English was left. @param names texts of somebody else, which stay */
export function englishIn(text: string, names: readonly string[] = []): string[] {
  const longestFirst = [...new Set(names)].toSorted((a, b) => b.length - a.length);
  return text.split("\n").flatMap((line) => {
    const without = longestFirst.reduce((left, name) => left.replaceAll(name, "※"), line);
    const bare = MAY_STAY.reduce((left, pattern) => left.replaceAll(pattern, "※"), without);
    return SENTENCE.test(bare) ? [line.trim()] : [];
  });
}
