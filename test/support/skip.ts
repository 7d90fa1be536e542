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
