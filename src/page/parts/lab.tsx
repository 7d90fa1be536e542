import type { JSX } from "preact";
import { say } from "../../words/say.js";
import type { Cable, HostBox, LabView } from "../types.js";

/** Of one host, in pixels. */
const BOX = 132;
const GAP = 24;

/**
 * The lab as a drawing: a column for each step away from the client, cables between them. Places across are parts of the
 * width, so that texts keep their size; on a phone the same stands from top to bottom.
 */
export function Lab({ view }: { view: LabView }): JSX.Element {
  return (
    <div class="lab" role="img" aria-label={view.sentence}>
      <Across view={view} />
      <Down view={view} />
    </div>
  );
}

interface Place {
  host: HostBox;
  left: number;
  width: number;
  top: number;
}

function Across({ view }: { view: LabView }): JSX.Element {
  const { places, height, columns } = placesOf(view.hosts);
  return (
    <svg
      class={`across${columns > 3 ? " many" : columns > 2 ? " three" : ""}`}
      width="100%"
      height={height}
      aria-hidden="true"
    >
      {cablesOf(view.cables, places).map((cable) => (
        <CableAcross {...cable} />
      ))}
      {places.map((place) => (
        <svg x={`${place.left}%`} y={place.top} width={`${place.width}%`} height={BOX}>
          <Host host={place.host} />
        </svg>
      ))}
    </svg>
  );
}

function placesOf(hosts: readonly HostBox[]): { places: Place[]; height: number; columns: number } {
  const ranks = [...new Set(hosts.map(({ rank }) => rank))].toSorted((a, b) => a - b);
  const columns = ranks.length;
  const tallest = Math.max(1, ...ranks.map((rank) => hosts.filter((host) => host.rank === rank).length));
  const height = tallest * (BOX + GAP) - GAP;
  const width = columns <= 2 ? 34 : columns === 3 ? 23 : 64 / columns;
  const places = ranks.flatMap((rank, column) => {
    const here = hosts.filter((host) => host.rank === rank);
    const first = (height - (here.length * (BOX + GAP) - GAP)) / 2;
    const left = columns === 1 ? 0 : (column * (100 - width)) / (columns - 1);
    return here.map((host, row) => ({ host, left, width, top: first + row * (BOX + GAP) }));
  });
  return { places, height, columns };
}

interface Drawn {
  cable: Cable;
  from: Place;
  to: Place;
}

function cablesOf(cables: readonly Cable[], places: readonly Place[]): Drawn[] {
  return cables.flatMap((cable) => {
    const from = places.find(({ host }) => host.name === cable.from);
    const to = places.find(({ host }) => host.name === cable.to);
    return from === undefined || to === undefined || from === to ? [] : [{ cable, from, to }];
  });
}

/** The cable, above it what goes over it, below it an arrow the way of the first FIN. */
function CableAcross({ cable, from, to }: Drawn): JSX.Element {
  const [x1, x2] = [from.left + from.width, to.left];
  const [y1, y2] = [from.top + BOX / 2 - 8, to.top + BOX / 2 - 8];
  const middle = `${(x1 + x2) / 2}%`;
  const y = (y1 + y2) / 2;
  const sender = cable.first === "from" ? to : from;
  const [start, end] = cable.first === "from" ? [x2, x1] : [x1, x2];
  const [startY, endY] = cable.first === "from" ? [y2 + 18, y1 + 18] : [y1 + 18, y2 + 18];
  const inset = (end - start) * 0.06;
  const parts = cable.above.split(" · ");
  return (
    <g class="cable">
      <line class="wire" x1={`${x1}%`} x2={`${x2}%`} y1={y1} y2={y2} />
      {parts.map((text, i) => (
        <text x={middle} y={y - 10 - (parts.length - 1 - i) * 17} text-anchor="middle">
          {text}
        </text>
      ))}
      {cable.first === null ? null : (
        <g class={sender.host.tone}>
          <line class="fin" x1={`${start + inset}%`} x2={`${end - inset}%`} y1={startY} y2={endY} />
          <svg x={`${end - inset}%`} y={endY} overflow="visible" width="1" height="1">
            <path class="fin" d={end > start ? "M-9 -5L0 0L-9 5" : "M9 -5L0 0L9 5"} />
          </svg>
        </g>
      )}
      <text x={middle} y={y + 38} text-anchor="middle">
        {cable.below}
      </text>
    </g>
  );
}

/** Hosts below each other, between two the cable that leads to the second. */
function Down({ view }: { view: LabView }): JSX.Element {
  const hosts = view.hosts.toSorted((a, b) => a.rank - b.rank);
  return (
    <div class="down" aria-hidden="true">
      {hosts.map((host) => (
        <>
          {view.cables
            .filter(({ to }) => to === host.name)
            .map((cable) => (
              <p class="hop">
                {hosts.length > 2 ? <b>{`${cable.from} → ${cable.to}`}</b> : null}
                <span>{cable.above}</span>
                <span class={cable.first === null ? undefined : toneOf(cable, hosts)}>
                  {cable.first === null ? "" : cable.first === "from" ? "↑ " : "↓ "}
                  {cable.below}
                </span>
              </p>
            ))}
          <svg width="100%" height={BOX}>
            <Host host={host} />
          </svg>
        </>
      ))}
    </div>
  );
}

function toneOf({ first, from, to }: Cable, hosts: readonly HostBox[]): string {
  const sender = first === "from" ? to : from;
  return `by ${hosts.find(({ name }) => name === sender)?.tone ?? ""}`;
}

function Host({ host }: { host: HostBox }): JSX.Element {
  const { name, tone, role, timeWait, unit = say("time-wait-peak"), rows, ports } = host;
  return (
    <g class={`host ${tone}`}>
      <rect class="box" x="0.5" y="0.5" width="100%" height={BOX - 1} rx="10" />
      <rect class="edge" x="0" y="14" width="4" height={BOX - 28} />
      <text class="name" x="6%" y="28">
        {name}
      </text>
      <text class="role" x="6%" y="46">
        {role}
      </text>
      {timeWait === null ? null : (
        <>
          <text class="big" x="94%" y="34" text-anchor="end">
            {timeWait}
          </text>
          <text class="unit" x="94%" y="50" text-anchor="end">
            {unit}
          </text>
        </>
      )}
      {rows.slice(0, ports === null ? 3 : 2).map(({ label, value }, i) => (
        <Figure label={label} value={value} y={72 + i * 18} />
      ))}
      {ports === null ? null : <Ports ports={ports} y={72 + Math.min(2, rows.length) * 18} />}
    </g>
  );
}

function Figure({ label, value, y }: { label: string; value: string; y: number }): JSX.Element {
  return (
    <>
      <text x="6%" y={y}>
        {label}
      </text>
      <text class="value" x="94%" y={y} text-anchor="end">
        {value}
      </text>
    </>
  );
}

function Ports({ ports, y }: { ports: NonNullable<HostBox["ports"]>; y: number }): JSX.Element {
  return (
    <>
      <Figure label={say("ports")} value={ports.text} y={y} />
      <svg x="6%" y={y + 7} width="88%" height="5" class="bar">
        <rect class="all" width="100%" height="5" />
        <rect class="used" width={`${Number((Math.max(0.008, ports.part) * 100).toFixed(2))}%`} height="5" />
      </svg>
    </>
  );
}
