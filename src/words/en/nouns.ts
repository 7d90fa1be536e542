/** Things that are counted, as one and as several. */
export const EN_NOUNS = {
  claim: ["claim", "claims"],
  connection: ["connection", "connections"],
  core: ["core", "cores"],
  expectation: ["expectation", "expectations"],
  request: ["request", "requests"],
  trial: ["trial", "trials"],
  warning: ["warning", "warnings"],
} as const;
