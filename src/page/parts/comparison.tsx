import { Prose } from "./prose.js";
import type { JSX } from "preact";
import type { ComparisonTable, ComparisonView } from "../types.js";
import { say } from "../../words/say.js";
import { Chart } from "./chart.js";
import { Dots } from "./dots.js";
import { Folded, MOST_OPEN } from "./folded.js";

/** Two sides held against each other: the verdict, what decided, every metric, the pairs. */
export function Sides({ view }: { view: ComparisonView }): JSX.Element {
  const { verdict, kind, summary, facts, gates, reasons, tables, notes, findings } = view;
  return (
    <section class="comparison" id={view.id}>
      <div class={`lead ${verdict}`}>
        <p class="kind">{kind}</p>
        <h2>{summary}</h2>
        <p class="facts">{facts.join(" · ")}</p>
      </div>
      {gates.length === 0 ? null : (
        <ul class="judged">
          {gates.map(({ outcome, word, text, reason }) => (
            <li class={outcome === "holds" ? "ok" : outcome === "breaks" ? "no" : "open"}>
              <b>{word}</b> <code>{text}</code>{" "}
              <em>
                <Prose text={reason} />
              </em>
            </li>
          ))}
        </ul>
      )}
      <ul class="plain">
        {reasons.map(({ verdict: word, text }) => (
          <li>
            <b>{word}</b>
            {say("colon", { mark: "", text })}
          </li>
        ))}
        {findings.map(({ side, text }) => (
          <li>
            <b>{side}</b>
            {say("colon", { mark: "", text })}
          </li>
        ))}
        {notes.map((note) => (
          <li>{note}</li>
        ))}
      </ul>
      {tables.map((table, at) => (
        <Folded when={at >= MOST_OPEN} title={table.variant}>
          <Metrics table={table} isNamed={at < MOST_OPEN} />
        </Folded>
      ))}
    </section>
  );
}

function Metrics({
  table: { variant, label, heads, rows, ratios, pairs },
  isNamed,
}: {
  table: ComparisonTable;
  isNamed: boolean;
}): JSX.Element {
  return (
    <>
      {isNamed ? (
        <h3>
          <code>{variant}</code>
        </h3>
      ) : null}
      <div class="table">
        <div class="scroll" tabIndex={0} role="region" aria-label={label}>
          <table>
            <thead>
              <tr>
                {heads.map((head) => (
                  <th scope="col">{head}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ metric, base, head, change, interval, verdict, tone }) => (
                <tr>
                  <th scope="row">{metric}</th>
                  {[base, head, change, interval].map((text) => (
                    <td>{text}</td>
                  ))}
                  <td class={tone}>{verdict}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      <div class="charts">
        {ratios === null ? null : <Dots view={ratios} marked={1} />}
        {pairs.map((chart) => (
          <Chart view={chart} />
        ))}
      </div>
    </>
  );
}
