import type { Paint, Style } from "../report/paint.js";

/** Block characters by width in eighths of a column (Unicode "Block Elements"). */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/** What is greater than zero shows, if only as the thinnest block. Without the rest of its width. */
export function bar(value: number, top: number, width: number): string {
  if (value <= 0 || width <= 0) return "";
  const eighths = Math.max(1, Math.min(width * 8, Math.round((value / Math.max(top, value)) * width * 8)));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}

/** Of a whole that is drawn, too. */
export function gauge(share: number, width: number, style: Style, paint: Paint): string {
  const full = Math.max(share > 0 ? 1 : 0, Math.round(Math.max(0, Math.min(1, share)) * width));
  return paint(style, "█".repeat(Math.min(full, width))) + paint("dim", "░".repeat(Math.max(0, width - full)));
}
