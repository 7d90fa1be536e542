import type { JSX } from "preact";
import { say } from "../../words/say.js";
import type { ChartView } from "../types.js";
import { TEXT_OF } from "../view/units.js";

/** So many lines of a table can be read. */
const MOST_ROWS = 24;

/** The numbers of a chart, for who cannot see it or wants to know. */
export function NumbersTable({ view: { title, x, y, series } }: { view: ChartView }): JSX.Element | null {
  const longest = series.toSorted((a, b) => b.x.length - a.x.length)[0];
  if (longest === undefined || longest.x.length === 0) return null;
  const step = Math.max(1, Math.ceil(longest.x.length / MOST_ROWS));
  const at = longest.x.filter((_, i) => i % step === 0 || i === longest.x.length - 1);
  return (
    <details class="numbers">
      <summary>{say("numbers")}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={say("numbers-of", { title })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say(HEAD_OF[x.unit])}</th>
              {series.map(({ name }) => (
                <th scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {at.map((value) => (
              <tr>
                <th scope="row">{TEXT_OF[x.unit](value)}</th>
                {series.map((one) => (
                  <td>{TEXT_OF[y.unit](nearest(one.x, one.y, value))}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

const HEAD_OF = {
  ms: "time",
  us: "latency",
  percentile: "percentile",
  count: "trial",
  perSec: "rate",
  share: "share",
} as const;

/** The reading at that place or the last one before it. */
function nearest(x: readonly number[], y: readonly (number | null)[], at: number): number | null {
  const index = x.findLastIndex((value) => value <= at);
  return index < 0 ? null : (y[index] ?? null);
}
