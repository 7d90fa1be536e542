import type { ExitCode } from "../errors.js";
import type { CommandName } from "./definitions/commands.js";
import type { World } from "./world.js";

type Run = (args: readonly string[], world: World) => Promise<ExitCode>;

/** Each loads its code when it is called: all of it together takes far longer than a quick look. */
export const RUN_OF: Readonly<Record<CommandName, Run>> = {
  run: async (args, world) => (await import("./run.js")).run(args, world),
  init: async (args, world) => (await import("./init.js")).init(args, world),
  list: async (args, world) => (await import("./list.js")).list(args, world),
  show: async (args, world) => (await import("./show.js")).show(args, world),
  report: async (args, world) => (await import("./report.js")).report(args, world),
  replay: async (args, world) => (await import("./replay.js")).replay(args, world),
  compare: async (args, world) => (await import("./compare.js")).compare(args, world),
  states: async (args, world) => (await import("./states.js")).states(args, world),
  watch: async (args, world) => (await import("./watch.js")).watch(args, world),
  audit: async (args, world) => (await import("./audit.js")).audit(args, world),
  export: async (args, world) => (await import("./export.js")).exportScenario(args, world),
  import: async (args, world) => (await import("./import.js")).importResults(args, world),
  doctor: async (args, world) => (await import("./doctor.js")).doctor(args, world),
  workshop: async (args, world) => (await import("./workshop.js")).workshop(args, world),
  completion: async (args, world) => (await import("./completion.js")).completion(args, world),
  help: async (args, world) => (await import("./help.js")).help(args, world),
};
