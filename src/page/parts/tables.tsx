import type { JSX } from "preact";
import type { RowView, TableView } from "../types.js";

/** More than so many columns stand below each other in several tables: paper does not scroll, and nobody likes to. */
const MOST_COLUMNS = 6;

/** A table of figures: labels on the left, a column for each variant. One that is too wide scrolls by itself. */
export function Table({ view, wide = false }: { view: TableView; wide?: boolean }): JSX.Element {
  const blocks = wide ? [view] : blocksOf(view);
  return (
    <>
      {blocks.map((block) => (
        <Block view={block} wide={wide} />
      ))}
    </>
  );
}

function blocksOf(view: TableView): TableView[] {
  const { title, heads, rows, legend } = view;
  const columns = heads.length - 1;
  const blocks = Math.ceil(columns / MOST_COLUMNS);
  if (blocks <= 1) return [view];
  const size = Math.ceil(columns / blocks);
  return Array.from({ length: blocks }, (_, at) => {
    const own = <Cell,>(cells: readonly Cell[]): Cell[] => cells.slice(at * size, (at + 1) * size);
    const names = own(heads.slice(1));
    return {
      title: `${title}: ${names[0]} – ${names.at(-1)}`,
      heads: [heads[0]!, ...names],
      rows: rows.map((row) => Object.assign({}, row, { cells: own(row.cells), strong: own(row.strong ?? []) })),
      legend: at === blocks - 1 ? legend : "",
    };
  });
}

function Block({ view, wide }: { view: TableView; wide: boolean }): JSX.Element {
  const { title, heads, rows, legend } = view;
  return (
    <div class={wide ? "table wide" : heads.length <= 2 ? "table few" : "table"}>
      <div class="scroll" tabIndex={0} role="region" aria-label={title}>
        <table>
          {heads.some((head) => head !== "") ? (
            <thead>
              <tr>{heads.map((head, i) => (i === 0 && head === "" ? <td /> : <th scope="col">{head}</th>))}</tr>
            </thead>
          ) : null}
          <tbody>
            {rows.map((row, i) => (
              <Row row={row} repeated={row.group !== "" && rows[i - 1]?.group === row.group && row.label !== ""} />
            ))}
          </tbody>
        </table>
      </div>
      {legend === "" ? null : <p class="note">{legend}</p>}
    </div>
  );
}

function Row({ row, repeated }: { row: RowView; repeated: boolean }): JSX.Element {
  const { group, label, cells, tone, strong } = row;
  return (
    <tr class={repeated ? "more" : undefined}>
      <th scope="row">
        {group === "" ? null : <span class={repeated ? "again" : undefined}>{group} </span>}
        {label}
      </th>
      {cells.map((lines, i) => (
        <td class={strong?.[i] === true ? `strong ${tone ?? ""}` : undefined}>
          {lines.map((text) => (
            <span class="line">{text}</span>
          ))}
        </td>
      ))}
    </tr>
  );
}
