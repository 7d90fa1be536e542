import type { JSX } from "preact";
import type { PageView, RawView } from "../types.js";
import { say } from "../../words/say.js";
import { Claims } from "./claims.js";
import { Sides } from "./comparison.js";
import { Run } from "./run.js";

/** All that stands on the page. */
export function Page({ view: { title, runs, claims, comparisons, raw } }: { view: PageView }): JSX.Element {
  return (
    <>
      <p class="mark">time-wait-bench</p>
      {runs.length > 0 ? null : (
        <header>
          <h1>{title}</h1>
        </header>
      )}
      {runs.length + (claims === null ? 0 : 1) > 1 ? (
        <nav aria-label={say("results")}>
          <ul>
            {runs.map(({ id, name, title: of }) => (
              <li>
                <a href={`#${id}`}>{name}</a> {of === name ? "" : of}
              </li>
            ))}
          </ul>
        </nav>
      ) : null}
      {comparisons.map((view) => (
        <Sides view={view} />
      ))}
      {claims === null ? null : <Claims view={claims} alone={runs.length === 0} />}
      {runs.map((view) => (
        <>
          <Run view={view} />
          {view.comparison === null ? null : <Sides view={view.comparison} />}
        </>
      ))}
      <Raw view={raw} />
    </>
  );
}

/** A link that works without a script: a script makes plain JSON of it. */
function Raw({ view: { name, gzip, size } }: { view: RawView }): JSX.Element {
  return (
    <footer>
      {gzip === null ? (
        <p>{say("raw-left-out", { size })}</p>
      ) : (
        <p>
          <a class="raw" download={`${name}.gz`} href={`data:application/gzip;base64,${gzip}`}>
            {say("raw-result")}
          </a>{" "}
          {say("raw-for", { size })}
        </p>
      )}
    </footer>
  );
}
