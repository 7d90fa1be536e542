import type { Override } from "../scenario/overrides.js";

/** The options of `bench run`, for parseArgs. */
export const RUN_OPTIONS = {
  duration: { type: "string" },
  connections: { type: "string" },
  rate: { type: "string" },
  client: { type: "string" },
  server: { type: "string" },
  set: { type: "string", multiple: true },
  only: { type: "string" },
  trials: { type: "string", default: "1" },
  base: { type: "string" },
  head: { type: "string" },
  "base-ref": { type: "string" },
  "head-ref": { type: "string" },
  build: { type: "string" },
  gates: { type: "string" },
  strict: { type: "boolean", default: false },
  isolation: { type: "string", default: "auto" },
  output: { type: "string", short: "o" },
  "save-baseline": { type: "string" },
  format: { type: "string", default: "terminal" },
  quiet: { type: "boolean", short: "q", default: false },
} as const;

/** Short ways to set one field of the scenario. */
const FIELD_OF_OPTION = {
  duration: "load.duration",
  connections: "load.connections",
  rate: "load.rate",
  client: "load.client",
  server: "server.kind",
} as const;

export interface RunValues {
  duration?: string | undefined;
  connections?: string | undefined;
  rate?: string | undefined;
  client?: string | undefined;
  server?: string | undefined;
  set?: string[] | undefined;
}

/** Options and `--set` as overrides of the scenario; what comes later on that list wins. */
export function overridesFrom(values: RunValues): Override[] {
  const short = Object.entries(FIELD_OF_OPTION).flatMap(([name, path]) => {
    const value = values[name as keyof typeof FIELD_OF_OPTION];
    return value === undefined ? [] : [{ path, value, option: `--${name} ${value}` }];
  });
  const set = (values.set ?? []).map((text) => {
    const at = text.indexOf("=");
    return at < 0
      ? { path: text, value: "", option: `--set ${text}` }
      : { path: text.slice(0, at), value: text.slice(at + 1), option: `--set ${text}` };
  });
  return [...short, ...set];
}
