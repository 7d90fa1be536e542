import { goClient } from "../../../src/client/go/client.js";
import { buildGoClient } from "../../../src/client/go/program.js";
import type { LoadBooks, LoadTarget } from "../../../src/client/types.js";
import { cacheFolder } from "../../../src/commands/cache-folder.js";
import type { World } from "../../../src/commands/world.js";
import { DEFAULTS } from "../../../src/scenario/parts/defaults.js";
import type { GoPlan, GoProgram, LoadPlan } from "../../../src/scenario/types.js";
import { runPrepared } from "../epoll/load.js";
import { PLAN } from "../load.js";

/** A first build by a toolchain takes its time. */
export const BUILD_MS = 110_000;

/** Into the user's own cache, where it lives on. */
export function builtClient(): Promise<GoProgram> {
  return buildGoClient(cacheFolder({ env: process.env, userId: process.getuid!() } as unknown as World));
}

export type Changes = Partial<Omit<LoadPlan, "go">> & { go?: Partial<GoPlan> };

/** The load from its plan to its books, which have to be true whatever the server does. */
export async function runGo(target: LoadTarget, changes: Changes, signal?: AbortSignal): Promise<LoadBooks> {
  const plan: LoadPlan = {
    ...PLAN,
    ...changes,
    client: "go",
    go: { ...DEFAULTS.load.go, ...changes.go, program: await builtClient() },
  };
  return runPrepared(await goClient.prepare(plan, target), signal);
}
