/** What a run tells in words, as data. Codes are stable, for scripts; each has its texts in a catalogue, one a language. */
export const FINDING_CODES = [
  "requests-failed",
  "ports-exhausted",
  "command-failed",
  "listen-overflow",
  "buckets-overflow",
  "link-churns",
  "resets",
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];
