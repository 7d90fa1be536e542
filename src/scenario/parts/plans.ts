import { commandLine, type CwdOf } from "./command-line.js";
import { defaultCloser, defaultRequestsPerConnection, DEFAULTS, TLS_CLIENT } from "./defaults.js";
import { milliseconds } from "./duration.js";
import { readyPlan } from "./lab-plan.js";
import type { Manners, ServerPlan } from "./lab-types.js";
import { LoadFile } from "./load-schema.js";
import type { ClientKind, GoPlan, LoadPlan, ProgramPlan, SamplePlan, SocketPlan } from "./load-types.js";
import type { FieldMap } from "./maps.js";
import { loadDuration, pacePlan } from "./pace.js";
import { pausesOf } from "./pauses.js";
import { requestOf } from "./request.js";
import { parsePortRange } from "./rules.js";
import { SampleFile, type ServerFile } from "./server-schema.js";

/** From fields as written to plans as meant: every default filled in, every unit converted. */

export function serverPlan(
  file: ServerFile,
  external: { host: string; port: number; https?: true } | null,
  cwdOf: CwdOf,
): ServerPlan {
  const readyTimeoutMs = milliseconds(file.readyTimeout ?? DEFAULTS.server.readyTimeout);
  if (file.kind === "external") {
    if (external === null) throw new Error("an external server without its address");
    const { host, port, https } = external;
    return { kind: "external", host, port, ...(https === undefined ? {} : { https }), readyTimeoutMs };
  }
  const common = { port: file.port ?? DEFAULTS.server.port, readyTimeoutMs };
  if (file.kind === "misbehaving") return { kind: file.kind, ...manners(file), ...common };
  if (file.kind === "go") return { kind: file.kind, bodyBytes: file.bodyBytes ?? DEFAULTS.server.bodyBytes, ...common };
  if (file.kind !== "command") return { kind: file.kind ?? DEFAULTS.server.kind, ...common };
  const ready = readyPlan(file.ready ?? DEFAULTS.server.ready);
  const user = file.user === undefined ? {} : { user: file.user };
  return { kind: "command", ...commandLine(file, ["server"], cwdOf), ...user, ready, ...common };
}

const AT_ONCE: ReadonlySet<string | undefined> = new Set([undefined, "at-once", "after-client"]);

function manners(file: ServerFile & { kind: "misbehaving" }): Manners {
  const { backlog, accepts, answerAfter, idleTimeout, closes, fault, faultEvery } = { ...DEFAULTS.server, ...file };
  return {
    backlog: backlog ?? DEFAULTS.server.backlog,
    accepts: accepts ?? DEFAULTS.server.accepts,
    answerAfterMs: typeof answerAfter === "string" ? milliseconds(answerAfter) : 0,
    idleTimeoutMs: typeof idleTimeout === "string" ? milliseconds(idleTimeout) : null,
    closesAfterMs: closes === "never" ? null : AT_ONCE.has(closes) ? 0 : milliseconds(closes ?? DEFAULTS.server.closes),
    leavesClosing: closes === "after-client",
    fault: fault ?? null,
    faultEvery: faultEvery ?? DEFAULTS.server.faultEvery,
  };
}

/** @param autoClient what `client: auto` stands for on this machine */
export function loadPlan(merged: FieldMap, autoClient: ClientKind, cwdOf: CwdOf): LoadPlan {
  const file = LoadFile.parse(merged);
  const asked = file.client ?? DEFAULTS.load.client;
  const tls = file.tls ?? DEFAULTS.load.tls;
  const client = asked === "auto" ? (tls === null ? autoClient : TLS_CLIENT) : asked;
  const connection = file.connection ?? DEFAULTS.load.connection;
  const durationMs = loadDuration(file);
  const requestsPerConnection = file.requestsPerConnection ?? defaultRequestsPerConnection(connection);
  return {
    client,
    connections: file.connections ?? DEFAULTS.load.connections,
    durationMs,
    warmupMs: warmupMs(file.warmup ?? DEFAULTS.load.warmup),
    requests: file.requests ?? DEFAULTS.load.requests,
    connection,
    requestsPerConnection,
    closer: file.closer ?? defaultCloser({ connection, requestsPerConnection }),
    path: file.paths?.[0] ?? file.path ?? DEFAULTS.load.path,
    ...requestOf(file, (bodyFile) => cwdOf(["load"], bodyFile, "bodyFile")),
    ...(tls === null ? {} : { tls }),
    timeoutMs: milliseconds(file.timeout ?? DEFAULTS.load.timeout),
    pace: pacePlan(file, durationMs),
    ...pausesOf(file),
    ...(client === "epoll" ? { sockets: socketPlan(file) } : {}),
    ...(client === "go" ? { go: goPlan(file) } : {}),
    ...(client === "command" ? { program: programPlan(file, cwdOf) } : {}),
  };
}

/** Without a command line, which is a mistake that is told elsewhere, nothing is run. */
function programPlan({ command = "false", reads }: LoadFile, cwdOf: CwdOf): ProgramPlan {
  const plan = { command, cwd: cwdOf(["load"], undefined), tool: null };
  return reads === undefined ? plan : { ...plan, reads };
}

function goPlan(file: LoadFile): GoPlan {
  const defaults = DEFAULTS.load.go;
  return {
    drain: file.drain ?? defaults.drain,
    idleConnections: file.idleConnections ?? defaults.idleConnections,
  };
}

function warmupMs(warmup: string | null): number {
  return warmup === null ? 0 : milliseconds(warmup);
}

/** Addresses are the lab's to give. */
function socketPlan(file: LoadFile): SocketPlan {
  const defaults = DEFAULTS.load.sockets;
  const linger = file.linger ?? defaults.linger;
  const localPorts = file.localPorts ?? defaults.localPorts;
  return {
    threads: file.threads ?? defaults.threads,
    lingerSec: linger === null ? null : milliseconds(linger) / 1000,
    sourceAddresses: [],
    destinationAddresses: [],
    bind: file.bind ?? defaults.bind,
    localPorts: localPorts === null ? null : parsePortRange(localPorts),
    reuseAddress: file.reuseAddress ?? defaults.reuseAddress,
  };
}

export function samplePlan(merged: FieldMap): SamplePlan {
  const file = SampleFile.parse(merged);
  return {
    everyMs: milliseconds(file.every ?? DEFAULTS.sample.every),
    tableEveryMs: milliseconds(file.table ?? DEFAULTS.sample.table),
  };
}
