import type { JSX } from "preact";
import type { PageView, RawView } from "../types.js";
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
        <nav aria-label="Results">
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
        <p>
          The raw result ({size} of JSON) is left out: it would make this page slow to open. It is the file that was
          reported.
        </p>
      ) : (
        <p>
          <a class="raw" download={`${name}.gz`} href={`data:application/gzip;base64,${gzip}`}>
            The raw result
          </a>{" "}
          ({size} of JSON), for <code>bench report</code>, <code>bench compare</code> and programs of your own.
        </p>
      )}
    </footer>
  );
}
