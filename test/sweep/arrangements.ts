/** What the sweep runs, and which processes it then has. */

export const STAGES = ["starting", "ready", "warming up", "loading", "draining", "saving"] as const;
export type Stage = (typeof STAGES)[number];
export const SIGNALS = ["SIGKILL", "SIGSTOP"] as const;
export type Signal = (typeof SIGNALS)[number];

/** One kind of process. */
export interface Kind {
  name: string;
  /** Its command line, arguments joined by spaces. */
  command: RegExp;
  /** The stages in which it exists. */
  stages: readonly Stage[];
  /** Why it does not exist in the others. */
  elsewhere: string;
}

export interface Arrangement {
  name: string;
  /** Of the scenario, beside server and load. */
  lab: Record<string, unknown>;
  load: Record<string, unknown>;
  args: readonly string[];
  /** Measured from two revisions of a repository. */
  revisions: boolean;
  kinds: readonly Kind[];
}

const WHOLE_TRIAL: readonly Stage[] = ["starting", "ready", "warming up", "loading", "draining"];
const CLOSED = "the lab is closed, with all its processes, before the result is saved";

function throughout(name: string, command: RegExp): Kind {
  return { name, command, stages: WHOLE_TRIAL, elsewhere: CLOSED };
}

function atStart(name: string, command: RegExp, elsewhere: string): Kind {
  return { name, command, stages: ["starting"], elsewhere };
}

const HOLDER = atStart(
  "holder",
  /^(?:unshare .*|)\/bin\/sh -c [^]*exec ip -batch -|^ip -batch -$/u,
  "it ends when the hosts are wired",
);
const SERVER = throughout("server", /^\S*node \S*service\.mjs (?!beside)/u);
const CLIENT = throughout("client", /^\S*node \S*dist\/client\/main\.js/u);

function agent(host: string): Kind {
  return throughout(`agent of ${host}`, new RegExp(`^\\S*node \\S*agent\\.js --time-wait-bench-host= ?${host}$`, "u"));
}

function wayInto(host: string): Kind {
  return throughout(`way into ${host}`, new RegExp(`^(?:nsenter|setpriv|unshare) .*bench-host= ?${host}$`, "u"));
}

function arrangement(name: string, given: Partial<Arrangement> & Pick<Arrangement, "kinds">): Arrangement {
  return { name, lab: { topology: name }, load: {}, args: ["--isolation", "namespace"], revisions: false, ...given };
}

export const ARRANGEMENTS: readonly Arrangement[] = [
  arrangement("two-hosts", {
    kinds: [HOLDER, wayInto("client"), wayInto("server"), agent("client"), agent("server"), SERVER, CLIENT],
  }),
  arrangement("loopback", { kinds: [HOLDER, wayInto("loopback"), agent("loopback"), SERVER, CLIENT] }),
  arrangement("nat", {
    kinds: [HOLDER, wayInto("nat"), agent("nat"), agent("client"), agent("server"), SERVER, CLIENT],
  }),
  arrangement("proxy", {
    lab: { topology: "proxy", proxy: { kind: "nginx" } },
    kinds: [
      HOLDER,
      agent("switch"),
      wayInto("proxy"),
      agent("proxy"),
      {
        ...throughout("proxy", /^nginx: |^\S*nginx /u),
        stages: ["warming up", "loading", "draining"],
        elsewhere: `it starts when the server is ready; ${CLOSED}`,
      },
      agent("client"),
      agent("server"),
      SERVER,
      CLIENT,
    ],
  }),
  arrangement("hosts", {
    lab: {
      topology: "hosts",
      hosts: {
        client: {},
        server: {},
        third: { command: `${process.execPath} {service} beside {host} {port} 0`, port: 9_000 },
      },
    },
    kinds: [
      HOLDER,
      agent("switch"),
      agent("third"),
      {
        ...throughout("program of third", /^\S*node \S*service\.mjs beside/u),
        stages: ["warming up", "loading", "draining"],
        elsewhere: `it starts when the server is ready; ${CLOSED}`,
      },
      agent("client"),
      agent("server"),
      SERVER,
      CLIENT,
    ],
  }),
  arrangement("none", {
    lab: {},
    args: ["--isolation", "none"],
    kinds: [agent("this machine"), SERVER, CLIENT],
  }),
  arrangement("go", {
    lab: {},
    load: { client: "go" },
    kinds: [throughout("Go program of the client", /\/client-[0-9a-f]{16}$/u), CLIENT],
  }),
  arrangement("revisions", {
    lab: {},
    revisions: true,
    kinds: [
      atStart("git", /^git .*worktree add/u, "revisions are laid out before the first trial"),
      atStart("build", /^(?:\/bin\/sh -c sleep 2; true|sleep 2)$/u, "revisions are built before the first trial"),
      SERVER,
      CLIENT,
    ],
  }),
];
