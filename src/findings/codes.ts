/** What a run tells in words, as data. Codes are stable, for scripts; each has its texts in a catalogue, one a language. */
export const FINDING_CODES = [
  "requests-failed",
  "ports-exhausted",
  "ports-scarce",
  "stale-connection",
  "hidden-retries",
  "command-failed",
  "listen-overflow",
  "buckets-overflow",
  "conntrack-full",
  "link-churns",
  "resets",
  "nothing-measured",
  "holder",
  "closer-cause",
  "tracked",
  "beside",
  "cap",
  "forecast",
  "loopback-hides",
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];
