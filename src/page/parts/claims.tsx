import { Prose } from "./prose.js";
import type { JSX } from "preact";
import { say } from "../../words/say.js";
import type { ClaimsView, ClaimView } from "../types.js";

/** One claim, as the head of its report. */
export function Claim({ view }: { view: ClaimView }): JSX.Element {
  return (
    <section class="claim" aria-label={say("the-claim")}>
      <p class="kind">{say("the-claim")}</p>
      <h2>“{view.text}”</h2>
      <p>
        <Verdict view={view} /> <Prose text={view.reason} />
      </p>
      <Decided view={view} />
      <Reading view={view} />
    </section>
  );
}

/** Several: each with its verdict, and what decided. */
export function Claims({ view, alone }: { view: ClaimsView; alone: boolean }): JSX.Element {
  return (
    <section class="claims">
      <h2 class={alone ? "unseen" : undefined}>{view.counts}</h2>
      <p class="facts">{view.facts.join(" · ")}</p>
      {view.broken.map((text) => (
        <p class="fails">
          <b>{say("fails")}</b> {text}
        </p>
      ))}
      <ul class="rows">
        {view.rows.map((row) => (
          <li>
            <div class="said">
              <p class="text">{row.text}</p>
              <p class="id">
                <code>{row.id}</code>
              </p>
            </div>
            <div class="found">
              <p>
                <Verdict view={row} />
              </p>
              <Decided view={row} />
              {row.figures.length === 0 ? (
                <p class="note">
                  <Prose text={row.reason} />
                </p>
              ) : null}
              {row.warnings === "" ? null : <p class="note">{row.warnings}</p>}
            </div>
            <details>
              <summary>
                {say("why-and-instead")}
                <span class="unseen"> ({row.id})</span>
              </summary>
              {row.figures.length === 0 ? null : (
                <p>
                  <Prose text={row.reason} />
                </p>
              )}
              <Reading view={row} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

const MARK_OF = { confirmed: "✓", refuted: "✗", partly: "◐", gone: "∅", "not-testable-here": "?" } as const;

function Verdict({ view: { verdict, words } }: { view: ClaimView }): JSX.Element {
  return (
    <b class={`verdict ${verdict ?? "none"}`}>
      <span aria-hidden="true">{verdict === null ? "?" : MARK_OF[verdict]}</span> {words}
    </b>
  );
}

function Decided({ view: { figures } }: { view: ClaimView }): JSX.Element | null {
  if (figures.length === 0) return null;
  return (
    <dl>
      {figures.map(({ label, value }) => (
        <div>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Reading({ view: { test, lesson, instead, sources } }: { view: ClaimView }): JSX.Element {
  const parts = [
    { head: say("how-tested"), text: test },
    { head: say("take-from-it"), text: lesson },
    { head: say("do-instead"), text: instead },
    { head: say("sources"), text: sources.join(" · ") },
  ];
  return (
    <div class="prose">
      {parts
        .filter(({ text }) => text !== "")
        .map(({ head, text }) => (
          <p>
            <b>{say("end", { text: head })}</b> <Prose text={text} />
          </p>
        ))}
    </div>
  );
}
