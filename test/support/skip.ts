import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { TestContext } from "vitest";

const KERNEL_LACKS = "the kernel lacks ";

/**
 * Skips the running test where the kernel was not built with what it needs: the one reason that CI accepts.
 * @public for the tests to come that need more than every kernel has
 */
export function skipUnlessKernel(context: Pick<TestContext, "skip">, has: boolean, feature: string): void {
  context.skip(!has, KERNEL_LACKS + feature);
}

/** A test that was skipped for any other reason shows nothing, and must not look like one that passed. */
export function isAccepted(note: string | undefined): boolean {
  return note?.startsWith(KERNEL_LACKS) ?? false;
}

/** Skips the running test where a program is missing that it is about. In CI that is no reason: .ci/packages lists them. */
export function skipUnlessInstalled(context: Pick<TestContext, "skip">, ...programs: readonly string[]): void {
  const missing = programs.filter((program) => !isInstalled(program));
  context.skip(missing.length > 0, `${missing.join(" and ")} not installed`);
}

function isInstalled(program: string): boolean {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => existsSync(join(folder, program)));
}
