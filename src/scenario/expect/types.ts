/** What has to hold of a result, as meant. */

export const COMPARE_OPS = [">=", "<=", "==", "!=", ">", "<"] as const;
export type CompareOp = (typeof COMPARE_OPS)[number];

/** A metric of an expectation that begins so is how many findings there are of a code: `findings.ports-exhausted`. */
export const FINDINGS = "findings.";

/** `<variant>.<metric> <op> <number | name | factor * variant.metric>`, or `<variant> no <code of a finding>` */
export interface Expectation {
  /** As written. */
  text: string;
  variant: string;
  /** A path into Metrics: `timeWait.server.peak`. */
  metric: string;
  op: CompareOp;
  right:
    | { kind: "number"; value: number }
    /** A name, compared with `closedFirst`: the one of `client | server | reset` with the greatest share. */
    | { kind: "name"; value: string }
    | { kind: "metric"; factor: number; variant: string; metric: string };
}

/** What has to hold of head, when it is compared with base. */
export interface Gate {
  /** As written. */
  text: string;
  /** null: each variant. `<variant>.<step>`: one load of a variant with steps. */
  variant: string | null;
  /** A path into Metrics, or one of what is computed for each request. */
  metric: string;
  right:
    | { kind: "number"; op: CompareOp; value: number }
    /** `factor` times what base has. */
    | { kind: "base"; op: CompareOp; factor: number }
    /** By the comparison's own verdict. */
    | { kind: "not-worse" };
}
