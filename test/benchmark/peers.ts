import { parseAb, parseH2load, parseHey, parseK6, parseOha, parseSiege, parseVegeta, parseWrk } from "./claims.js";
import type { Claim, Task, Threading } from "./types.js";

/** Load generators that are not ours: how to have each make the same load, and how to read what it says of itself. */
export interface Peer {
  /** Its name, and its program's. */
  name: string;
  threading: Threading;
  /** Arguments that make it say its version; null where it has none to say. */
  versionArgs: readonly string[] | null;
  command(task: Task, place: Place): Command;
  parse(output: string): Claim;
}

export interface Place {
  /** The program, with its path. */
  program: string;
  /** An empty folder of this run's own. */
  folder: string;
}

export interface Command {
  file: string;
  args: string[];
  /** What has to stand in the run's folder, by name. */
  files?: Record<string, string>;
}

const CLOSE_HEADER = ["-H", "Connection: close"];

export const PEERS: readonly Peer[] = [
  {
    name: "wrk",
    threading: "as asked",
    versionArgs: ["-v"],
    command: (task, { program }) => ({
      file: program,
      args: [
        ...words(`-t${task.threads} -c${task.connections} -d${task.seconds}s`),
        ...(closes(task) ? CLOSE_HEADER : []),
        url(task),
      ],
    }),
    parse: parseWrk,
  },
  {
    name: "ab",
    threading: "one",
    versionArgs: ["-V"],
    command: (task, { program }) => ({
      file: program,
      args: [
        // -t alone would end after 50,000 requests; -n has to come after it.
        ...words(`-q -r -l -t ${task.seconds} -n ${AB_MOST_REQUESTS} -c ${task.connections}`),
        ...(closes(task) ? [] : ["-k"]),
        url(task),
      ],
    }),
    parse: parseAb,
  },
  {
    name: "h2load",
    threading: "as asked",
    versionArgs: ["--version"],
    command: (task, { program }) => ({
      file: program,
      args: [
        ...words(`--h1 -t ${task.threads} -c ${task.connections} -D ${task.seconds}`),
        ...(closes(task) ? CLOSE_HEADER : []),
        url(task),
      ],
    }),
    parse: parseH2load,
  },
  {
    name: "siege",
    // One for each connection.
    threading: "its own",
    versionArgs: ["--version"],
    command: (task, { program, folder }) => ({
      file: "/usr/bin/env",
      args: [
        // It would write a configuration into the user's home.
        `HOME=${folder}`,
        program,
        `--rc=${folder}/siegerc`,
        // It counts seconds of the wall clock that have begun, so that the first may be a short one.
        ...words(`-b -j -c ${task.connections} -t ${task.seconds + 1}S`),
        url(task),
      ],
      files: { siegerc: siegerc(task) },
    }),
    parse: parseSiege,
  },
  {
    name: "hey",
    threading: "as asked",
    versionArgs: null,
    command: (task, { program }) => ({
      file: program,
      args: [
        ...words(`-z ${task.seconds}s -c ${task.connections} -cpus ${task.threads}`),
        ...(closes(task) ? ["-disable-keepalive"] : []),
        url(task),
      ],
    }),
    parse: parseHey,
  },
  {
    name: "oha",
    threading: "as asked",
    versionArgs: ["--version"],
    command: (task, { program }) => ({
      file: "/usr/bin/env",
      args: [
        `TOKIO_WORKER_THREADS=${task.threads}`,
        program,
        ...words(`--no-tui --output-format json -z ${task.seconds}s -c ${task.connections}`),
        ...(closes(task) ? ["--disable-keepalive"] : []),
        url(task),
      ],
    }),
    parse: parseOha,
  },
  {
    name: "vegeta",
    threading: "as asked",
    versionArgs: ["-version"],
    command: (task, { program, folder }) => ({
      file: "/bin/sh",
      args: [
        "-c",
        '"$1" -cpus="$3" attack -targets="$2/targets" -rate=0 -workers="$4" -max-workers="$4" -duration="$5s" ' +
          '-keepalive="$6" -output="$2/results" && "$1" report -type=json "$2/results"',
        "sh",
        program,
        folder,
        ...words(`${task.threads} ${task.connections} ${task.seconds} ${!closes(task)}`),
      ],
      files: { targets: `GET ${url(task)}\n` },
    }),
    parse: parseVegeta,
  },
  {
    name: "k6",
    threading: "as asked",
    versionArgs: ["version"],
    command: (task, { program, folder }) => ({
      file: "/usr/bin/env",
      args: [
        `GOMAXPROCS=${task.threads}`,
        `HOME=${folder}`,
        program,
        ...words("run --quiet --no-color --no-usage-report"),
        `${folder}/load.js`,
      ],
      files: { "load.js": k6Script(task) },
    }),
    parse: parseK6,
  },
];

/** It sets aside 32 bytes for each before it starts. */
const AB_MOST_REQUESTS = 5_000_000;

function url(task: Task): string {
  return `http://${task.host}:${task.port}/`;
}

function words(line: string): string[] {
  return line.split(" ");
}

function closes(task: Task): boolean {
  return task.mode === "close";
}

function siegerc(task: Task): string {
  return [
    `connection = ${task.mode}`,
    `limit = ${task.connections}`,
    "protocol = HTTP/1.1",
    ...["verbose", "quiet", "logging", "show-logfile", "parser", "follow-location", "cache", "cookies", "gmethod"].map(
      (setting) => `${setting} = ${setting === "gmethod" ? "GET" : "false"}`,
    ),
    "color = off",
    "",
  ].join("\n");
}

function k6Script(task: Task): string {
  return `
    import http from "k6/http";
    export const options = {
      vus: ${task.connections},
      duration: "${task.seconds}s",
      noConnectionReuse: ${closes(task)},
      discardResponseBodies: true,
    };
    export default function () {
      http.get("${url(task)}");
    }
    export function handleSummary({ metrics, state }) {
      const requests = metrics.http_reqs.values.count;
      const failed = Math.round(requests * metrics.http_req_failed.values.rate);
      const seconds = state.testRunDurationMs / 1000;
      return { stdout: JSON.stringify({ requests: requests - failed, failed, seconds }) + "\\n" };
    }
  `;
}
