import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Audit } from "../../src/audit/types.js";
import { EXIT } from "../../src/errors.js";
import { OWN_CLIENTS, TOOL_NAMES } from "../../src/scenario/types.js";
import { auditMarkdown, type MeasuredAudit } from "./audit-markdown.js";
import { PRODUCT, root } from "./product.js";

/** `npm run benchmark:audit`: audits every load generator that is here, into results/audit.json; the table to stdout. What was measured stays in results/audit/. */

const loadBefore = loadavg()[0]!;
const { cpu, cores, memoryBytes, kernel, node, benchVersion } = PRODUCT.describeEnvironment("namespace");
const folder = mkdtempSync(join(tmpdir(), "bench-audit-"));
const file = join(folder, "audit.json");
const args = ["audit", ...TOOL_NAMES, ...OWN_CLIENTS, "--format", "json", "--output", file];
const { status } = spawnSync(process.execPath, [join(root(), "dist/cli.js"), ...args], {
  cwd: root(),
  stdio: "inherit",
});
// Incomplete: some of them are not here.
if (status === EXIT.ok || status === EXIT.incomplete) {
  const audit = JSON.parse(readFileSync(file, "utf8")) as Audit;
  const machine = { cpu, cores, memoryBytes, kernel, node, benchVersion, loadBefore };
  const measured: MeasuredAudit = { machine, audit };
  writeFileSync(join(root(), "results/audit.json"), JSON.stringify(measured) + "\n");
  process.stdout.write(auditMarkdown(measured));
} else process.exitCode = status ?? 1;
rmSync(folder, { recursive: true });
