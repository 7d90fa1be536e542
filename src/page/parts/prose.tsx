import type { JSX } from "preact";

/** A sentence in which backticks stand around what is typed or set, as a terminal shows it: on a page it is code. */
export function Prose({ text }: { text: string }): JSX.Element {
  const parts = text.split(/`([^`]+)`/u);
  return <>{parts.map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>;
}
