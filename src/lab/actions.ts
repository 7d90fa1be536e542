import type { RequestName, Requests } from "./messages.js";
import type { Action, Observe, SpawnSpec } from "./types.js";

type Asked<Some extends RequestName = RequestName> = {
  [Name in Some]: [name: Name, ask: Requests[Name]["ask"]];
}[Some];

export const unobserved: Observe = (_action, work) => work();

/** What an agent does on its host when it is asked this, in words; null for what is part of something else. */
export function actionOf<Name extends RequestName>(host: string, ...asked: Asked<Name>): Action | null {
  const action = (what: string, command: string | null = null): Action => ({ host, what, command });
  const [name, ask] = asked as Asked;
  switch (name) {
    case "send":
    case "kill":
    case "holdText":
      return null;
    case "network":
      return action("wire", batch(ask.lines));
    case "untilPortsForward":
      return action("wait for the bridge");
    case "writeSysctls":
      return action("write sysctls", settings(Object.entries(ask.settings)));
    case "readSysctls":
      return action("read sysctls");
    case "quietPort":
      return action("find a free port", `from ${ask.from}`);
    case "listening":
      return action("look for listeners");
    case "calibrate":
      return action("calibrate TcpExt:TW");
    case "spawn":
      return action(`start ${ask.spec.label}`, commandOf(ask.spec));
    case "waitUntilReady":
      return action("wait until ready", `${ask.probe.by} ${ask.probe.host}:${ask.probe.port}`);
    case "snapshot":
      return action("snapshot");
    case "startSampling":
      return action("start sampling", `every ${ask.request.everyMs} ms, tables every ${ask.request.tableEveryMs} ms`);
    case "stopSampling":
      return action("stop sampling");
    case "clearTimeWait":
      return action("clear TIME_WAIT");
    case "settle":
      return action("settle");
    case "read":
      return action("read sockets");
    case "mark":
      return action("mark counters");
    case "awaitFigure":
      return action("await");
    case "sysctl":
      return action(ask.value === null ? "read sysctl" : "write sysctl", settings([[ask.key, ask.value]]));
    case "run":
      return action("run", ask.command);
  }
}

/** As `ip -batch` is given them. */
export function batch(lines: readonly string[]): string {
  return `ip -batch: ${lines.join("; ")}`;
}

function settings(entries: readonly (readonly [key: string, value: string | null])[]): string {
  return entries.map(([key, value]) => (value === null ? key : `${key}=${value}`)).join(", ");
}

function commandOf({ program }: SpawnSpec): string {
  if ("entry" in program) return `node ${program.entry}`;
  return "shell" in program ? program.shell : [program.file, ...program.args].join(" ");
}
