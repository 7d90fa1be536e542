/** How two figures may be compared, in expectations, gates and what a step waits for. */
export type Operator = ">=" | "<=" | "==" | "!=" | ">" | "<";

/** Whether `left op right`. Names are only ever the same or not. */
export function holds(left: number | string, op: Operator, right: number | string): boolean {
  switch (op) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
  }
}
