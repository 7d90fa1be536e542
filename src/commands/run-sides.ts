import { BenchError } from "../errors.js";
import { type Checkouts, openCheckouts, type RevisionsAsked, type Surroundings } from "../revisions/checkouts.js";
import type { Override } from "../scenario/overrides.js";
import { commandOverrides, inCheckout, joinSides } from "../scenario/sides.js";
import { loadSteps } from "../scenario/loads.js";
import type { Scenario, SideName } from "../scenario/types.js";

/** The two sides that one run is to measure: two commands, or two revisions of what the scenario starts. */
export type AskedSides = ({ by: "command" } & Record<SideName, string>) | ({ by: "revision" } & RevisionsAsked);

export interface SideValues {
  base?: string | undefined;
  head?: string | undefined;
  "base-ref"?: string | undefined;
  "head-ref"?: string | undefined;
  build?: string | undefined;
  gates?: string | undefined;
  "save-baseline"?: string | undefined;
  strict?: boolean | undefined;
}

const COMMANDS = "Example: --base 'node dist-main/server.js' --head 'node dist/server.js'";
const REVISIONS = "Example: --base-ref main --build 'npm ci && npm run build'";

/** null: the run has no sides. @throws BenchError `bad-usage` */
export function askedSides(values: SideValues): AskedSides | null {
  const { base, head, "base-ref": baseRef, "head-ref": headRef, build, gates, strict } = values;
  const command = base !== undefined || head !== undefined;
  if ((command || baseRef !== undefined) && values["save-baseline"] !== undefined)
    throw usage("a baseline is of one side, and this run has two", "Run the one to be kept by itself.");
  const revision = baseRef !== undefined || headRef !== undefined || build !== undefined;
  if (command && revision)
    throw usage("--base and --head name two commands, --base-ref and --head-ref two revisions: not both", REVISIONS);
  if (command) {
    if (base === undefined || head === undefined)
      throw usage(`--${base === undefined ? "head" : "base"} needs the other side as well`, COMMANDS);
    return { by: "command", base, head };
  }
  if (revision) {
    if (baseRef === undefined)
      throw usage(`--${headRef === undefined ? "build" : "head-ref"} needs a base: --base-ref`, REVISIONS);
    return { by: "revision", base: baseRef, head: headRef ?? "HEAD", build: build ?? null };
  }
  if (gates !== undefined || strict === true)
    throw usage(
      `--${gates === undefined ? "strict" : "gates"} is about two sides, and this run has one`,
      "Name both (--base, --head), or judge the result afterwards: bench compare",
    );
  return null;
}

/** Scenarios ready to be run, and what has to be taken away after them. */
export interface Planned {
  scenarios: Scenario[];
  /** What a server that does not start may lack, and what to do; null: nothing that is known. */
  mayLack: string | null;
  close(): Promise<void>;
}

/**
 * @param written the scenarios as they were asked for; of two commands with that of head
 * @param load reads the scenarios that were asked for, with these overrides besides the user's
 * @throws BenchError for what stands in the scenarios; `bad-revision`, `build-failed`
 */
export async function planSides(
  asked: AskedSides | null,
  written: Scenario[],
  load: (more: readonly Override[]) => Promise<Scenario[]>,
  around: Surroundings,
): Promise<Planned> {
  if (asked === null) return { scenarios: written, mayLack: null, close: () => Promise.resolve() };
  written.forEach(requireLoad);
  if (asked.by === "command") {
    const base = await load(commandOverrides("base", asked.base));
    const sides = { base: { label: asked.base, commit: null }, head: { label: asked.head, commit: null } };
    return { scenarios: joined(base, written, sides), mayLack: null, close: () => Promise.resolve() };
  }
  written.forEach(requireCommand);
  const checkouts = await openCheckouts(asked, around);
  const side = (name: SideName): Scenario[] => written.map((one) => inCheckout(one, checkouts[name].folderIn));
  const sides = { base: originOf(checkouts, "base"), head: originOf(checkouts, "head") };
  return {
    scenarios: joined(side("base"), side("head"), sides),
    mayLack: lackOf(checkouts.missing),
    close: checkouts.close,
  };
}

const MOST_NAMED = 3;

function lackOf(missing: readonly string[]): string | null {
  if (missing.length === 0) return null;
  const named = missing.slice(0, MOST_NAMED).join(", ") + (missing.length > MOST_NAMED ? ", …" : "");
  return `Neither revision has what git ignores (${named}). Make it: --build 'npm ci && npm run build', or what your service needs.`;
}

function joined(
  base: readonly Scenario[],
  head: readonly Scenario[],
  sides: NonNullable<Scenario["sides"]>,
): Scenario[] {
  return base.map((one, index) => joinSides({ base: one, head: head[index]! }, sides));
}

/** What is compared is a load on a server: that of a variant, or those of its steps. */
function requireLoad({ name, variants }: Scenario): void {
  const without = variants.find((variant) => variant.phases.length > 0 && loadSteps(variant).length === 0);
  if (without === undefined) return;
  throw usage(
    `${name} has no step that makes a load (${without.name}), so there is nothing that two sides could be compared by`,
    "Take a scenario that puts load on a server, or give the variant a step `do: load`: bench list",
  );
}

function requireCommand({ name, variants }: Scenario): void {
  const other = variants.find(({ server }) => server.kind !== "command");
  if (other === undefined) return;
  throw usage(
    `${name} starts no program of yours (server.kind is ${other.server.kind}), so there is nothing to take from two revisions`,
    "Say how it is started: --set server.kind=command --set server.command='node server.js --port {port}'",
  );
}

function originOf(checkouts: Checkouts, side: SideName): { label: string; commit: string } {
  const { ref, commit } = checkouts[side];
  return { label: `${ref} (${commit.slice(0, 10)})`, commit };
}

function usage(sentence: string, hint: string): BenchError {
  return new BenchError("bad-usage", sentence, hint);
}
