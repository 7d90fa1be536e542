import type { JSX } from "preact";
import type { RowView, TableView } from "../types.js";

/** A table of figures: labels on the left, a column for each variant. One that is too wide scrolls by itself. */
export function Table({ view, wide = false }: { view: TableView; wide?: boolean }): JSX.Element {
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
