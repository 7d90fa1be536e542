import { Prose } from "./prose.js";
import type { JSX } from "preact";
import type { ChartsView, ExpectationsView, RunView } from "../types.js";
import { say } from "../../words/say.js";
import { Chart } from "./chart.js";
import { Claim } from "./claims.js";
import { Dots } from "./dots.js";
import { Folded, MOST_OPEN } from "./folded.js";
import { Findings } from "./findings.js";
import { Lab } from "./lab.js";
import { Table } from "./tables.js";

/** The whole report of one result. */
export function Run({ view }: { view: RunView }): JSX.Element {
  const { id, name, title, facts, status, claim, findings, figures, charts } = view;
  return (
    <article class="run" id={id}>
      <header>
        <h1>{title}</h1>
        <p class="facts">
          <b>{name}</b> · {facts.join(" · ")}
        </p>
      </header>
      {status === null ? null : (
        <section class={`status ${status.failed ? "failed" : "cut"}`}>
          <p>
            <b>{status.text}</b>
          </p>
          {status.hint.length === 0 ? null : <pre>{status.hint.join("\n")}</pre>}
        </section>
      )}
      {claim === null ? null : <Claim view={claim} />}
      <Findings view={findings} />
      <Labs view={view} />
      {figures === null ? null : (
        <Section title={figures.title} small={view.spread === null}>
          <Table view={figures} />
        </Section>
      )}
      {view.steps === null ? null : (
        <Section title={view.steps.title}>
          <Table view={view.steps} />
        </Section>
      )}
      <Charts view={charts} id={id} />
      <Links view={view} />
      <Trials view={view} />
      <Expectations view={view.expectations} gates={view.gates} />
      <Warnings texts={view.warnings} />
      <Measured view={view} />
    </article>
  );
}

function Section({
  title,
  children,
}: {
  title: string;
  small?: boolean;
  children: JSX.Element | JSX.Element[];
}): JSX.Element {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Labs({ view: { labs } }: { view: RunView }): JSX.Element | null {
  if (labs.length === 0) return null;
  const shown = labs.slice(0, MOST_OPEN);
  const rest = labs.slice(MOST_OPEN);
  const drawing = (lab: RunView["labs"][0]): JSX.Element => (
    <>
      {labs.length > 1 ? (
        <h3>
          <code>{lab.variant}</code>
        </h3>
      ) : null}
      <Lab view={lab} />
    </>
  );
  return (
    <section>
      <h2>{say("the-lab")}</h2>
      {shown.map(drawing)}
      {rest.length === 0 ? null : (
        <details>
          <summary>{say("labs-of-more", { n: rest.length })}</summary>
          {rest.map(drawing)}
        </details>
      )}
    </section>
  );
}

function Charts({ view: { variants, overlaid, leftOut }, id }: { view: ChartsView; id: string }): JSX.Element | null {
  if (variants.every(({ charts }) => charts.length === 0)) return null;
  const folded = variants.length > MOST_OPEN;
  return (
    <section class={overlaid === null ? undefined : "choice"}>
      <h2>{say("charts")}</h2>
      {overlaid === null ? null : (
        <fieldset>
          <legend class="unseen">{say("variants")}</legend>
          <label>
            <input type="radio" name={`${id}-charts`} class="to-apart" checked /> {say("apart")}
          </label>
          <label>
            <input type="radio" name={`${id}-charts`} class="to-overlaid" /> {say("overlaid")}
          </label>
        </fieldset>
      )}
      {overlaid === null ? null : (
        <div class="overlaid">
          <div class="charts">
            {overlaid.map((chart) => (
              <Chart view={chart} />
            ))}
          </div>
        </div>
      )}
      <div class="apart">
        {variants.map(({ id: anchor, name, remark, charts }, at) => (
          <Folded when={folded && at > 0} title={name}>
            <div class="variant" id={anchor}>
              {variants.length > 1 && !(folded && at > 0) ? (
                <h3>
                  <code>{name}</code>
                </h3>
              ) : null}
              {remark === "" ? null : <p class="note">{remark}</p>}
              <div class="charts">
                {charts.map((chart) => (
                  <Chart view={chart} />
                ))}
              </div>
            </div>
          </Folded>
        ))}
      </div>
      {leftOut === "" ? null : <p class="note">{leftOut}</p>}
    </section>
  );
}

function Links({ view: { links } }: { view: RunView }): JSX.Element | null {
  if (links.length === 0) return null;
  return (
    <section>
      <h2>{say("links")}</h2>
      {links.map((table) => (
        <>
          <h3>
            <code>{table.title}</code>
          </h3>
          <Table view={table} wide />
        </>
      ))}
    </section>
  );
}

function Trials({ view: { spread, trials } }: { view: RunView }): JSX.Element | null {
  if (spread === null && trials.length === 0) return null;
  return (
    <section>
      <h2>{say("trials")}</h2>
      <div class="charts">
        {trials.map((dots) => (
          <Dots view={dots} />
        ))}
      </div>
      {spread === null ? null : (
        <>
          <h3>{spread.title}</h3>
          <Table view={spread} />
        </>
      )}
    </section>
  );
}

function Expectations({
  view: { open, rows },
  gates,
}: {
  view: ExpectationsView;
  gates: readonly string[];
}): JSX.Element | null {
  if (open === null && rows.length + gates.length === 0) return null;
  return (
    <section>
      <h2>{say("expectations")}</h2>
      {open === null ? null : <p>{open}</p>}
      <ul class="judged">
        {rows.map(({ holds, text, measured }) => (
          <li class={holds ? "ok" : "no"}>
            <b>{say(holds ? "holds" : "fails")}</b> <code>{text}</code> <em>{measured}</em>
          </li>
        ))}
      </ul>
      {gates.length === 0 ? null : (
        <>
          <h3>{say("gates")}</h3>
          <ul class="judged">
            {gates.map((gate) => (
              <li class="open">
                <b>{say("gate")}</b> <code>{gate}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Warnings({ texts }: { texts: readonly string[] }): JSX.Element | null {
  if (texts.length === 0) return null;
  return (
    <section>
      <h2>{say("warnings")}</h2>
      <ul class="plain warnings">
        {texts.map((text) => (
          <li>
            <Prose text={text} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Measured({ view: { books, environment, scenario } }: { view: RunView }): JSX.Element {
  return (
    <section>
      <h2>{say("how-measured")}</h2>
      {books === null ? null : (
        <details>
          <summary>{say("books-summary")}</summary>
          <Table view={books} wide />
        </details>
      )}
      <details>
        <summary>{say("environment")}</summary>
        <Table view={environment} />
      </details>
      <details>
        <summary>{say(scenario.file === null ? "scenario-as-ran" : "scenario-as-file")}</summary>
        {scenario.explanation.join("") === "" ? null : <p class="explanation">{scenario.explanation.join("\n")}</p>}
        <pre tabIndex={0}>{scenario.file ?? scenario.resolved}</pre>
      </details>
      {scenario.file === null ? null : (
        <details>
          <summary>{say("every-field")}</summary>
          <pre tabIndex={0}>{scenario.resolved}</pre>
        </details>
      )}
    </section>
  );
}
