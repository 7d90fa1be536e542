/** A figure as people read it, with the unit that its name says. */

const NOT_MEASURED = "?";

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });

/**
 * `metric` is a path, `again.tookMs`: times get a unit by the suffix, shares a per cent sign, ports no separators. Names
 * are given back as they are.
 */
export function figureText(metric: string, value: number | string | null): string {
  if (value === null) return NOT_MEASURED;
  if (typeof value === "string") return value;
  if (!Number.isFinite(value)) return NOT_MEASURED;
  const path = metric.split(".");
  const name = path.at(-1) ?? "";
  // Percentiles stand in a group that has the unit: latencyUs.p99.
  if (name.endsWith("Ms")) return milliseconds(value);
  if (path.some((part) => part.endsWith("Us"))) return milliseconds(value / 1000);
  if (name.endsWith("Bytes")) return `${plain(value)} bytes`;
  if (path.at(-2) === "closedFirst") return `${fine.format(value * 100)} %`;
  return /port$/iu.test(name) ? String(value) : plain(value);
}

/** `450 µs`, `350 ms`, `60.01 s`: whoever asks whether it is a minute wants to see by how much it is not. */
function milliseconds(ms: number): string {
  const size = Math.abs(ms);
  if (size !== 0 && size < 0.9995) return `${threeDigits(ms * 1000)} µs`;
  if (size < 999.5) return `${threeDigits(ms)} ms`;
  return `${fine.format(ms / 1000)} s`;
}

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function plain(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? grouped.format(value) : fine.format(value);
}
