import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { auditMarkdown, type MeasuredAudit } from "./audit-markdown.js";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const measured = (): MeasuredAudit => JSON.parse(read("../../results/audit.json")) as MeasuredAudit;

test("README.md in this folder shows what results/audit.json holds", () => {
  // The formatter aligns columns.
  const plain = (text: string): string => text.replaceAll(/ {2,}/gu, " ").replaceAll(/-{3,}/gu, "---").trim();
  expect(plain(read("README.md").split(/<!-- \/?audit -->/u)[1] ?? "")).toBe(plain(auditMarkdown(measured())));
});

test("the server and both kernels agree on the connections of each of them", () => {
  const all = measured().audit.programs.flatMap(({ program, situations }) =>
    situations.flatMap(({ situation, figures }) => (figures === null ? [] : [{ program, situation, ...figures }])),
  );
  expect(all.length).toBeGreaterThan(50);
  const apart = all.filter(({ kernels, server }) => kernels.accepted !== server!.connections);
  expect(apart.map(({ program, situation }) => `${program}: ${situation}`)).toEqual([]);
});
