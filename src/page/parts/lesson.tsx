import { Prose } from "./prose.js";
import type { JSX } from "preact";
import type { AsideView, Block, ChoiceView, LessonView } from "../../lessons/view-types.js";
import { count } from "../../text/figures.js";
import { say } from "../../words/say.js";
import type { LiveVariantView } from "../live/types.js";
import { LiveVariant } from "./live.js";

interface LessonProps {
  view: LessonView;
  /** Of the step's run, so far; of a recording none. */
  variants: readonly LiveVariantView[];
  /** How it hears of the lesson, in words; empty while it does. */
  link: string;
  /** Types a line for the teacher. */
  type: (line: string) => void;
}

/** One part of a lesson, for the projector: the same as on the teacher's terminal, and the run while it goes on. */
export function Lesson({ view, variants, link, type }: LessonProps): JSX.Element {
  const { title, part, where, heading, blocks, choices, sum, origin, aside, buttons, runs, watch } = view;
  const asks = part === "question";
  return (
    <article class="lesson" aria-busy={runs}>
      <p class="mark">{where === "" ? title : `${title} · ${where}`}</p>
      <h1>{heading}</h1>
      <Blocks blocks={blocks} />
      {choices.length === 0 ? null : (
        <form
          key={`${heading} ${part}`}
          onSubmit={(event) => {
            event.preventDefault();
            const line = handsIn(event.currentTarget);
            if (line !== "") type(line);
          }}
        >
          <ol class="choices">
            {choices.map((choice) => (
              <Choice choice={choice} asks={asks} key={choice.number} />
            ))}
          </ol>
          {asks ? <button class="count">{say("do-count")}</button> : null}
        </form>
      )}
      {sum === "" ? null : <p class="sum">{sum}</p>}
      {origin === "" ? null : <p class="note">{origin}</p>}
      {aside === null ? null : <Aside view={aside} />}
      {variants.map((variant) => (
        <LiveVariant view={watched(variant, watch)} key={variant.id} alone={variants.length === 1} />
      ))}
      {buttons.length === 0 ? null : (
        <nav class="drive" aria-label={title}>
          {buttons.map(({ types, says }, at) => (
            <button class={at === 0 ? "go" : undefined} onClick={() => type(types)} key={types}>
              {says}
            </button>
          ))}
        </nav>
      )}
      {link === "" ? null : (
        <p class="link" role="status">
          {link}
        </p>
      )}
    </article>
  );
}

/** The panes of it that the step is about. */
function watched(variant: LiveVariantView, watch: LessonView["watch"]): LiveVariantView {
  const { figures, lab, charts, steps, links } = variant;
  const is = (pane: (typeof watch)[number]): boolean => watch.includes(pane);
  return {
    ...variant,
    figures: is("figures") ? figures : [],
    lab: is("lab") ? lab : null,
    charts: charts.filter(({ id }) => watch.some((pane) => id.endsWith(`-${pane}`))),
    steps: is("steps") ? steps : [],
    links: is("links") ? links : null,
  };
}

/** `1=3 2=12`, of the fields that are filled in. */
function handsIn(form: HTMLFormElement): string {
  const fields = Array.from(form.querySelectorAll("input"));
  return fields
    .filter(({ value }) => value !== "")
    .map(({ name, value }) => `${name}=${value}`)
    .join(" ");
}

function Choice({ choice: { number, text, hands, part, mark }, asks }: { choice: ChoiceView; asks: boolean }) {
  return (
    <li class={mark === "" ? undefined : "right"}>
      <b>{number}</b>
      <span>
        <Prose text={text} />
        {mark === "" ? null : <em> ◄ {mark}</em>}
        {hands === 0 ? null : (
          <span class="hands">
            <i style={{ width: `calc((100% - 4em) * ${part.toFixed(3)})` }} />
            {count(hands)}
          </span>
        )}
      </span>
      {asks ? (
        <input type="number" min={0} max={999999} name={String(number)} aria-label={say("hands-for", { n: number })} />
      ) : null}
    </li>
  );
}

function Aside({ view: { heading, blocks } }: { view: AsideView }): JSX.Element {
  return (
    <aside>
      {heading === "" ? null : <h2>{heading}</h2>}
      <Blocks blocks={blocks} />
    </aside>
  );
}

function Blocks({ blocks }: { blocks: readonly Block[] }): JSX.Element {
  return (
    <>
      {grouped(blocks).map((group) => {
        const [block] = group as [Block];
        if (block.kind === "drawing") return <pre>{block.lines.join("\n")}</pre>;
        if (block.kind === "paragraph")
          return (
            <p>
              <Prose text={block.text} />
            </p>
          );
        return (
          <ul class="plain">
            {group.map((item) => (
              <li>
                <Prose text={"text" in item ? item.text : ""} />
              </li>
            ))}
          </ul>
        );
      })}
    </>
  );
}

/** Items that follow each other are one list. */
function grouped(blocks: readonly Block[]): Block[][] {
  const groups: Block[][] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (block.kind === "item" && last?.[0]?.kind === "item") last.push(block);
    else groups.push([block]);
  }
  return groups;
}
