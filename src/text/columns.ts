import { displayWidth } from "./width.js";

/** Block characters by height in eighths of a line (Unicode "Block Elements"). */
const EIGHTHS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/**
 * A chart of one column a value, `rows` lines high, the first line on top. `top` is the value that fills it. What is
 * greater than zero always shows, if only as the thinnest block; zero is drawn as `zero`, and null, which is no value,
 * stays blank.
 */
export function drawColumns(values: readonly (number | null)[], rows: number, top: number, zero: string): string[] {
  const heights = values.map((value) => {
    if (value === null || value <= 0) return 0;
    return Math.max(1, Math.min(rows * 8, Math.round((value / top) * rows * 8)));
  });
  return Array.from({ length: rows }, (_, line) => {
    const below = (rows - 1 - line) * 8;
    return heights
      .map((height, i) => {
        if (below === 0 && values[i] === 0) return zero;
        return EIGHTHS[Math.max(0, Math.min(8, height - below))] ?? " ";
      })
      .join("");
  });
}

export interface Tick {
  /** Where the label begins; `end`: it ends where the axis does. */
  column: number | "end";
  text: string;
}

/**
 * An axis of `columns` characters: `└0 s─────┴5 s────10 s┘`. Ticks come in order of importance; one whose label would touch
 * another or run over the end is left out.
 */
export function drawAxis(ticks: readonly Tick[], columns: number): string {
  const axis = new Array<string>(columns).fill("─");
  const taken = new Array<boolean>(columns).fill(false);
  for (const { column, text } of ticks) {
    const label = column === "end" ? `${text}┘` : `${column === 0 ? "└" : "┴"}${text}`;
    const width = displayWidth(label);
    const start = column === "end" ? columns - width : column;
    const end = start + width;
    if (start < 0 || end > columns || taken.slice(Math.max(0, start - 1), end + 1).includes(true)) continue;
    // A character that is two columns wide leaves nothing for the second one.
    const cells = Array.from(label, (one) => [one, ...new Array<string>(displayWidth(one) - 1).fill("")]).flat();
    axis.splice(start, width, ...cells);
    taken.fill(true, start, end);
  }
  return axis.join("");
}
