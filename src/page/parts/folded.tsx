import type { JSX } from "preact";

/** With more variants than this each one's charts are folded away. */
export const MOST_OPEN = 4;

/** What is told of one variant; where there are many, below its name. */
export function Folded({
  when,
  title,
  children,
}: {
  when: boolean;
  title: string;
  children: JSX.Element;
}): JSX.Element {
  if (!when) return children;
  return (
    <details class="folded">
      <summary>
        <code>{title}</code>
      </summary>
      {children}
    </details>
  );
}
