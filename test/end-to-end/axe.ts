import axe from "axe-core";
import type { Page } from "playwright-core";

/** Rules of accessibility that it breaks, with where. */
export async function faults(page: Page): Promise<string[]> {
  // The policy of the page lets nothing in; the debugger may.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as {
      axe: {
        run(
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    const { violations } = await inPage.run({ resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)} ${nodes[0]!.failureSummary}`);
  });
}
