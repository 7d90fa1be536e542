import { buildGoClient } from "../client/go/program.js";
import type { RunEvents } from "../events/events.js";
import { unlessAborted } from "../waiting/unless-aborted.js";
import { loadsOf, withLoads } from "../scenario/loads.js";
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
    ...withLoads(variant, (load) => loadBy(client, load)),
    server: variant.server.kind === "go" && server !== null ? { ...variant.server, program: server } : variant.server,
  }));
}

function hasGoLoad(variant: Variant): boolean {
  return loadsOf(variant).some(({ client }) => client === "go");
}

function loadBy(program: GoProgram | null, load: LoadPlan): LoadPlan {
  return program === null || load.go === undefined ? load : { ...load, go: { ...load.go, program } };
}
