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
    // A field, a button, a chart and what is folded have keys of their own.
    if (target instanceof Element && target.closest("input, button, summary, a, [tabindex]") !== null) return;
    event.preventDefault();
    send(line);
  });
}
