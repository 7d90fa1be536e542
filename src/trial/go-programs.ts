import { buildGoClient } from "../client/go/program.js";
import type { RunEvents } from "../events/events.js";
import { unlessAborted } from "../waiting/unless-aborted.js";
import { allPhases, type Phase } from "../scenario/phases/types.js";
import type { GoProgram, LoadPlan, Variant } from "../scenario/types.js";
import { buildGoServer } from "../server/go.js";

export interface BuildOptions {
  cacheFolder: string;
  signal: AbortSignal;
  /** Are told of each build; a program that is in the cache needs none. */
  events: RunEvents;
}

/**
 * Builds what the variants need in Go, each program once, before anything is measured: a build wants every processor. The
 * variants come back with the programs in their plans.
 * @throws BenchError `tool-missing`; the signal's reason, once it is aborted
 */
export async function withGoPrograms(variants: readonly Variant[], options: BuildOptions): Promise<Variant[]> {
  const build = async (one: typeof buildGoClient): Promise<GoProgram> => {
    let built = (): void => {};
    const onBuild = (title: string): void =>
      void options.events.during({ host: null, what: `build ${title}`, command: null }, async () => {
        await new Promise<void>((resolve) => (built = resolve));
      });
    return unlessAborted(options.signal, one(options.cacheFolder, onBuild)).finally(() => built());
  };
  const client = variants.some(hasGoLoad) ? await build(buildGoClient) : null;
  const server = variants.some((variant) => variant.server.kind === "go") ? await build(buildGoServer) : null;
  return variants.map((variant) => ({
    ...variant,
    server: variant.server.kind === "go" && server !== null ? { ...variant.server, program: server } : variant.server,
    load: loadBy(client, variant.load),
    phases: phasesBy(client, variant.phases),
  }));
}

function hasGoLoad({ load, phases }: Variant): boolean {
  if (phases.length === 0) return load.client === "go";
  return allPhases(phases).some((phase) => phase.do === "load" && phase.load.client === "go");
}

function phasesBy(program: GoProgram | null, phases: readonly Phase[]): Phase[] {
  return phases.map((phase) => {
    if (phase.do === "load") return { ...phase, load: loadBy(program, phase.load) };
    return "phases" in phase ? { ...phase, phases: phasesBy(program, phase.phases) } : phase;
  });
}

function loadBy(program: GoProgram | null, load: LoadPlan): LoadPlan {
  return program === null || load.go === undefined ? load : { ...load, go: { ...load.go, program } };
}
