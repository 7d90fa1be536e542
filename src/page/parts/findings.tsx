import { Prose } from "./prose.js";
import type { JSX } from "preact";
import { say } from "../../words/say.js";
import type { FindingsView, FindingView } from "../types.js";

/** With more variants than this the others are folded away. */
const MOST_OPEN = 6;

/** What the result tells in words: what failed first, then what was seen in each variant, then what is worth a look. */
export function Findings({ view: { problems, notices, explained } }: { view: FindingsView }): JSX.Element | null {
  if (problems.length + notices.length + explained.length === 0) return null;
  return (
    <section class="findings" aria-label={say("findings")}>
      {problems.map((finding) => (
        <Finding finding={finding} />
      ))}
      {explained.slice(0, MOST_OPEN).map((seen) => (
        <Seen seen={seen} alone={explained.length === 1} />
      ))}
      {explained.length <= MOST_OPEN ? null : (
        <details class="more">
          <summary>{say("seen-in-more", { n: explained.length - MOST_OPEN })}</summary>
          {explained.slice(MOST_OPEN).map((seen) => (
            <Seen seen={seen} />
          ))}
        </details>
      )}
      {notices.map((finding) => (
        <Finding finding={finding} />
      ))}
    </section>
  );
}

function Seen({ seen, alone = false }: { seen: FindingsView["explained"][0]; alone?: boolean }): JSX.Element {
  const { title, facts } = seen;
  const [first, ...rest] = facts;
  return (
    <article class={alone ? "seen alone" : "seen"}>
      <h2>
        <code>{title}</code> <Prose text={first?.text ?? ""} />
      </h2>
      {first === undefined ? null : <Remedy finding={first} />}
      {rest.map((fact) => (
        <>
          <p>
            <Prose text={fact.text} />
          </p>
          <Remedy finding={fact} />
        </>
      ))}
    </article>
  );
}

const NAME_OF = { problem: "Problem", notice: "Notice" } as const;

function Finding({ finding }: { finding: FindingView }): JSX.Element {
  const { severity, text, where } = finding;
  return (
    <article class={severity}>
      <p class="kind">
        {[severity === "fact" ? "" : say(NAME_OF[severity]), where].filter((part) => part !== "").join(" · ")}
      </p>
      <h2>
        <Prose text={text} />
      </h2>
      <Remedy finding={finding} />
    </article>
  );
}

function Remedy({ finding: { remedy, source } }: { finding: FindingView }): JSX.Element | null {
  if (remedy === "") return null;
  return (
    <p class="remedy">
      <b>{say("mend-head")}</b> <Prose text={say("end", { text: remedy })} />
      {source === "" ? null : <span class="source"> ({source})</span>}
    </p>
  );
}
