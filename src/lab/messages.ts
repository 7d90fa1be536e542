import type { HostSnapshot, SampleMessage } from "../sampler/types.js";
import type {
  AwaitOutcome,
  AwaitRequest,
  Calibration,
  CommandRequest,
  HostReading,
  ListeningSocket,
  ReadyProbe,
  SamplingRequest,
  SpawnSpec,
  SysctlOutcome,
  SysctlRequest,
} from "./types.js";

/** What the conductor asks of a host's agent. Every request is answered once, by its id. */
export interface Requests {
  /** Lines for `ip -batch`. */
  network: { ask: { lines: string[] }; answer: null };
  /** Once every host of the lab is wired. */
  untilPortsForward: { ask: Record<string, never>; answer: null };
  /** Written one by one, in order. */
  writeSysctls: { ask: { settings: Record<string, string> }; answer: null };
  /** Those of the keys that this host has. */
  readSysctls: { ask: { keys: readonly string[] }; answer: Record<string, string> };
  quietPort: { ask: { from: number }; answer: number };
  listening: { ask: Record<string, never>; answer: ListeningSocket[] };
  calibrate: { ask: Record<string, never>; answer: Calibration };
  spawn: { ask: { processId: string; spec: SpawnSpec }; answer: null };
  send: { ask: { processId: string; message: unknown }; answer: null };
  kill: { ask: { processId: string }; answer: null };
  holdText: { ask: { text: string }; answer: string };
  waitUntilReady: { ask: { probe: ReadyProbe }; answer: null };
  snapshot: { ask: Record<string, never>; answer: HostSnapshot };
  startSampling: { ask: { request: SamplingRequest }; answer: null };
  stopSampling: { ask: Record<string, never>; answer: null };
  clearTimeWait: { ask: Record<string, never>; answer: null };
  settle: { ask: { timeoutMs: number }; answer: null };
  read: { ask: { port: number | null }; answer: HostReading };
  mark: { ask: Record<string, never>; answer: null };
  awaitFigure: { ask: AwaitRequest; answer: AwaitOutcome };
  sysctl: { ask: SysctlRequest; answer: SysctlOutcome };
  run: { ask: CommandRequest; answer: HostReading };
}
export type RequestName = keyof Requests;

export type ToAgent = { [Name in RequestName]: { id: number; name: Name; ask: Requests[Name]["ask"] } }[RequestName];

export type FromAgent =
  | { type: "hello" }
  | { type: "answer"; id: number; answer: unknown }
  /** With `code` an error that concerns the user (errors.ts), without it a bug with its stack. */
  | { type: "failed"; id: number; code?: string; message: string; hint?: string; stack?: string }
  | { type: "samples"; samples: SampleMessage[] }
  | { type: "sampler-fault"; message: string }
  | { type: "message"; processId: string; message: unknown }
  | { type: "line"; processId: string; line: string }
  | { type: "exit"; processId: string; code: number | null; signal: string | null; lastLines: string[] };
