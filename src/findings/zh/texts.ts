import type { FindingCode } from "../codes.js";
import type { FiguresOf, Place } from "../types.js";

/** When a finding is said stands in English only, for a document in English. */
export type TextsOf<Codes extends FindingCode> = {
  readonly [Code in Codes]: (figures: FiguresOf[Code], at: Place) => string;
};
