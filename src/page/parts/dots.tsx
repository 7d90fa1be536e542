import type { JSX } from "preact";
import type { DotsView } from "../types.js";
import { position } from "../view/position.js";

const ROW = 34;
/** More texts than these have no room on a phone: there every second is left out. */
const MOST_NARROW = 4;

/** Rows of dots over one axis, each with the interval in which their middle lies. */
export function Dots({ view, marked = null }: { view: DotsView; marked?: number | null }): JSX.Element {
  const { title, sentence, axis, rows, id } = view;
  const height = rows.length * ROW + 6;
  const at = (value: number): string => `${Number((position(axis, value) * 100).toFixed(2))}%`;
  return (
    <figure class="chart dots" id={id}>
      <figcaption>
        <b>{title}</b>
        <span>{sentence}</span>
      </figcaption>
      <svg
        class="plot"
        role="img"
        aria-label={`${title}: ${rows.map((row) => `${row.name} ${row.text}`).join("; ")}`}
        height={height + 26}
      >
        {axis.ticks.map(({ at: value, text }, tick) => {
          const part = position(axis, value);
          return (
            <>
              <line class={value === marked ? "base" : "grid"} x1={at(value)} x2={at(value)} y1="0" y2={height} />
              <text
                class={axis.ticks.length > MOST_NARROW && tick % 2 === 1 ? "fine" : undefined}
                x={at(value)}
                y={height + 19}
                text-anchor={part > 0.95 ? "end" : part < 0.03 ? "start" : "middle"}
              >
                {text}
              </text>
            </>
          );
        })}
        {rows.map(({ name, dots, interval, text }, row) => {
          const y = row * ROW + 26;
          return (
            <g class={`v${row % 6}`}>
              <text class="name" x="0" y={y - 10}>
                {name}
              </text>
              <text class="name" x="100%" y={y - 10} text-anchor="end">
                {text}
              </text>
              {interval === null ? null : (
                <line class="interval" x1={at(interval.low)} x2={at(interval.high)} y1={y} y2={y} />
              )}
              {dots.map((dot) => (
                <circle cx={at(dot)} cy={y} r="3.5" />
              ))}
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
