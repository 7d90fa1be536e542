/**
 * What a client meets in an audit: ordinary scenarios, as a file would say them, with the client put in. Each is run as
 * `bench run` runs it, so that nothing is measured in another way here.
 */

interface Situation {
  /** For whoever reads the scenario; the report has its own words by name. */
  title: string;
  /** A command line of the user's keeps its connections or does not: the same situation would come twice. */
  onlyOfKnown?: true;
  lab?: object;
  server?: object;
  load: { connection: "close" | "keep-alive"; closer?: "client" };
}

/** So few that they last for less than a second, as 28,000 do for a minute on a busy host. */
const FEW_PORTS = { "net.ipv4.ip_local_port_range": "40000 40199", "net.ipv4.tcp_tw_reuse": 0 };

const misbehaving = (fault: string, faultEvery: number) => ({ kind: "misbehaving", fault, faultEvery });

const ALL = {
  "keep-alive": { title: "Connections are kept, and nothing is wrong", load: { connection: "keep-alive" } },
  close: {
    title: "A connection for each request, and nothing is wrong",
    onlyOfKnown: true,
    load: { connection: "close" },
  },
  "ports-used-up": {
    title: "A connection for each request, which the client has to close first, with 200 local ports",
    lab: { sysctl: { client: FEW_PORTS } },
    server: { kind: "misbehaving", closes: "after-client" },
    load: { connection: "close", closer: "client" },
  },
  "server-closes": {
    title: "The server closes each connection after one answer, and says so",
    server: misbehaving("closes", 1),
    load: { connection: "keep-alive" },
  },
  "server-hangs-up": {
    title: "The server closes each connection after ten answers, and does not say so",
    server: misbehaving("hangs-up", 10),
    load: { connection: "keep-alive" },
  },
  "server-resets": {
    title: "The server resets each connection in place of its tenth answer",
    server: misbehaving("resets", 10),
    load: { connection: "keep-alive" },
  },
  "server-stalls": {
    title: "The server never answers the tenth request of a connection",
    server: misbehaving("stalls", 10),
    load: { connection: "keep-alive" },
  },
  "server-answers-500": {
    title: "The server answers every second request with status 500",
    server: misbehaving("answers-500", 2),
    load: { connection: "keep-alive" },
  },
} as const satisfies Record<string, Situation>;

export type SituationName = keyof typeof ALL;
export const SITUATIONS = Object.keys(ALL) as readonly SituationName[];

/** How long a request may take: stalls are to be seen within a situation. */
const TIMEOUT = "1s";
/** Scenarios of an audit are called so, and the situation's name. */
const FOLDER = "audit/";

/** Who makes the load. */
export interface Auditee {
  /** What the user calls it. */
  name: string;
  /** `load.client` of a scenario. */
  client: string;
  /** A command line of the user's, and whose output it writes; null: the client is told the situation's load. */
  command: { line: string; reads: string | null } | null;
  /** A client of ours can be told who closes. */
  isOurs: boolean;
}

export interface AskedLoad {
  duration: string;
  connections: number;
  /** Requests per second; null: as many as it can. */
  rate: number | null;
}

/** Those that a client goes through. */
export function situationsOf({ command }: Pick<Auditee, "command">): SituationName[] {
  return SITUATIONS.filter((name) => command === null || !("onlyOfKnown" in ALL[name]));
}

/** The situation as a scenario, as a file would say it. */
export function scenarioFor(situation: SituationName, auditee: Auditee, asked: AskedLoad): object {
  const { name, client, command, isOurs } = auditee;
  const { title, lab, server, load }: Situation = ALL[situation];
  const { closer, ...pattern } = load;
  // It leaves closing to the server, and cannot be told otherwise.
  const told = closer !== undefined && isOurs && client !== "autocannon" ? { ...pattern, closer } : pattern;
  const common = { connections: asked.connections, duration: asked.duration, timeout: TIMEOUT };
  const by =
    command === null
      ? { client, ...told, ...(asked.rate === null ? {} : { rate: asked.rate }) }
      : { client: "command", command: command.line, ...readBy(command.reads) };
  return {
    title,
    ...(lab === undefined ? {} : { lab }),
    ...(server === undefined ? {} : { server }),
    load: { ...by, ...common },
    sample: { table: "200ms" },
    variants: { [variantName(name)]: null },
  };
}

/** A scenario of one variant, which is called as the program. */
function variantName(name: string): string {
  const word = name.replace(/^.*\//u, "").replaceAll(/[^A-Za-z0-9_-]+/gu, "-");
  return /^[A-Za-z]/u.test(word) ? word : `program-${word}`;
}

function readBy(reads: string | null): object {
  return reads === null ? {} : { reads };
}

export function scenarioName(situation: SituationName): string {
  return FOLDER + situation;
}

/** The situation of a result; null: it is none of an audit. */
export function situationOf(scenario: { name: string }): SituationName | null {
  const name = scenario.name.startsWith(FOLDER) ? scenario.name.slice(FOLDER.length) : "";
  return SITUATIONS.find((one) => one === name) ?? null;
}
