import { Prose } from "./prose.js";
import type { JSX } from "preact";
import type { LiveRunView, LiveVariantView, LiveView } from "../live/types.js";
import { say } from "../../words/say.js";
import { Chart } from "./chart.js";
import { Lab } from "./lab.js";
import { Table } from "./tables.js";

/** What is on the page while runs go on. `link`: how it hears of them, in words. */
export function Live({ view: { title, runs, brief }, link }: { view: LiveView; link: string }): JSX.Element {
  return (
    <>
      <p class="mark">time-wait-bench</p>
      {runs.length > 0 ? null : <h1>{title}</h1>}
      <p class="link" role="status">
        {link}
      </p>
      {runs.map((run) => (
        <LiveRun view={run} key={run.id} />
      ))}
      {brief.length === 0 ? null : (
        <section>
          <h2>{say("other-scenarios")}</h2>
          <ul class="brief">
            {brief.map(({ id, name, title: of, state }) => (
              <li key={id}>
                <b>{state}</b> <code>{name}</code> {of === name ? "" : of}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function LiveRun({ view }: { view: LiveRunView }): JSX.Element {
  const { id, name, title, state, part, notices, variants, leftOut } = view;
  return (
    <article class="run" id={id}>
      <header>
        <h1>{title}</h1>
        <p class="facts">
          <b>{name}</b> · {state}
        </p>
        {part === null ? null : <progress aria-label={say("load-under-way")} max={1} value={part} />}
      </header>
      {notices.length === 0 ? null : (
        <section class="findings" aria-label={say("became-true")} aria-live="polite">
          {notices.map(({ id: notice, severity, where, text }) => (
            <article class={severity} key={notice}>
              {where === "" ? null : <p class="kind">{where}</p>}
              <h2>
                <Prose text={text} />
              </h2>
            </article>
          ))}
        </section>
      )}
      {variants.map((variant) => (
        <LiveVariant view={variant} key={variant.id} alone={!view.several} />
      ))}
      {leftOut === "" ? null : <p class="note">{leftOut}</p>}
      <Told view={view} />
    </article>
  );
}

export function LiveVariant({ view, alone }: { view: LiveVariantView; alone: boolean }): JSX.Element {
  const { id, name, state, figures, lab, charts, steps, links } = view;
  return (
    <section class="variant" id={id}>
      <h2>
        {alone ? null : (
          <>
            <code>{name}</code>{" "}
          </>
        )}
        <span class="now">{state}</span>
      </h2>
      {figures.length === 0 ? null : (
        <dl class="figures">
          {figures.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {lab === null ? null : <Lab view={lab} />}
      {charts.length === 0 ? null : (
        <div class="charts">
          {charts.map((chart) => (
            <Chart view={chart} growing key={chart.id} />
          ))}
        </div>
      )}
      <Steps steps={steps} />
      {links === null ? null : (
        <>
          <h3>{say("links")}</h3>
          <Table view={links} wide />
        </>
      )}
    </section>
  );
}

function Steps({ steps }: { steps: LiveVariantView["steps"] }): JSX.Element | null {
  if (steps.length === 0) return null;
  return (
    <>
      <h3>{say("steps-head")}</h3>
      <ol class="steps">
        {steps.map(({ name, does, state, now, failed }, at) => (
          <li class={failed ? "no" : now ? "under-way" : "over"} aria-current={now ? "step" : undefined} key={at}>
            <code>{name}</code> {does} <b>{state}</b>
          </li>
        ))}
      </ol>
    </>
  );
}

function Told({ view: { findings, expectations, warnings } }: { view: LiveRunView }): JSX.Element {
  return (
    <>
      {findings.length === 0 ? null : (
        <section>
          <h2>{say("found-so-far")}</h2>
          <ul class="plain">
            {findings.map(({ severity, where, text }) => (
              <li class={severity}>
                {where === "" ? null : <code>{where}</code>} <Prose text={text} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {expectations.length === 0 ? null : (
        <section>
          <h2>{say("expectations")}</h2>
          <ul class="judged">
            {expectations.map(({ state, text, measured }) => (
              <li class={state === "holds" ? "ok" : state === "fails" ? "no" : "open"}>
                <b>{say(state)}</b> <code>{text}</code> <em>{measured}</em>
              </li>
            ))}
          </ul>
        </section>
      )}
      {warnings.length === 0 ? null : (
        <section>
          <h2>{say("warnings")}</h2>
          <ul class="plain warnings">
            {warnings.map((text) => (
              <li>
                <Prose text={text} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
