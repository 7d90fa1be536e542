/** What keys type, those of a presenter's remote control among them. */
const KEYS: Readonly<Record<string, string>> = {
  Enter: "",
  ArrowRight: "",
  PageDown: "",
  ArrowLeft: "b",
  PageUp: "b",
  b: "b",
  r: "r",
  s: "s",
  h: "h",
  n: "n",
};

/** Types a line on the teacher's behalf. What goes wrong is told by the stream. */
export function send(line: string): void {
  void fetch("do", { method: "POST", body: line }).catch(() => {});
}

/** A lesson goes on by keys, as on the teacher's terminal. */
export function drivenBy(document: Document): void {
  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, altKey, metaKey, repeat } = event;
    const line = KEYS[key];
    if (line === undefined || ctrlKey || altKey || metaKey || repeat) return;
    if (document.querySelector(".lesson .drive") === null) return;
    if (target instanceof Element && hasOwn(key, target)) return;
    event.preventDefault();
    send(line);
  });
}

/**
 * Whether what has the focus does something with the key itself: a button, a link and what is folded are pressed, a field
 * and a chart take all keys but those for a page up and down.
 */
function hasOwn(key: string, target: Element): boolean {
  if (target.closest("input, [tabindex]") !== null) return !key.startsWith("Page");
  return key === "Enter" && target.closest("button, summary, a") !== null;
}
