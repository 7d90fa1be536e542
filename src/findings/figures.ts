import type { CloseCause } from "../metrics/close-causes.js";
import type { LinkPlan } from "../scenario/types.js";

/** What each finding is told with. Counts are those of one trial; facts of a load are told with its medians. */
export interface FiguresOf {
  "requests-failed": { failed: number; sent: number; kinds: Record<string, number> };
  "ports-exhausted": {
    /** Local ports taken at once, at most; null where no table was read. */
    used: number | null;
    /** How many there are, without reserved ones. */
    ports: number | null;
    low: number | null;
    high: number | null;
    /** Requests of the load whose connect() or bind() found no port, by errno. */
    refused: Record<string, number>;
    /** null where the client is a program: which of its requests failed, nobody sees. */
    failed: number | null;
    sent: number | null;
    /** SYNs that were sent again, where a NAT dropped them for want of a port; else null. */
    synRetrans: number | null;
  };
  /** Of a program as the client. `sent`: as the server counted them; null where it does not. */
  "program-connections": {
    /** null where somebody else's was watched, which nobody knows by name. */
    program: string | null;
    opened: number;
    sent: number | null;
    closedFirst: { from: number; to: number; reset: number } | null;
    /** What it says itself, as far as that can be read; null where it cannot, and of one's own program. */
    says: {
      requests: number | null;
      failed: number | null;
      perSec: number | null;
      latencyUs: { p99: number | null } | null;
    } | null;
  };
  "ports-scarce": { used: number; ports: number };
  "command-failed": {
    host: string;
    exitCode: number | null;
    /** null when it exited by itself. */
    signal: string | null;
    timedOut: boolean;
    timeoutMs: number;
    /** Its last lines. */
    output: string | null;
  };
  /** `drops` holds the overflows too. */
  "listen-overflow": { host: string; overflows: number; drops: number };
  "buckets-overflow": { host: string; refused: number; limit: number | null; peak: number | null };
  /** `room` is nf_conntrack_max. */
  "conntrack-full": { host: string; tracked: number; room: number };
  "link-churns": {
    opened: number;
    sent: number;
    perRequest: number;
    /** TIME_WAIT created at either end; null where that is no host of the lab. */
    timeWait: { from: number; to: number | null };
    exact: boolean;
  };
  /** `deliberate`: haproxy's, towards its servers: a RST leaves it no TIME_WAIT, and its port is free at once. */
  /** `tls`: of a load over TLS, of which no request failed. Absent otherwise. */
  resets: { share: number; opened: number; deliberate: boolean; tls?: true };
  /** `sent` is 0 where a load sent no request, null where there was none. */
  "nothing-measured": { sent: number | null };
  cable: CableFigures;
  holder: HolderFigures;
  "closer-cause": CauseFigures;
  "stale-connection": StaleFigures;
  /** Requests that the client's library sent once more by itself. */
  "hidden-retries": { repeated: number; sent: number };
  "client-starved": StarvedFigures;
  "server-starved": StarvedFigures;
  /** Of netfilter, at most at once; `inTimeWait` where that was looked at, `seconds` how long such an entry stays. */
  tracked: { host: string; tracked: number; before: number; inTimeWait: number | null; seconds: number | null };
  /** TIME_WAIT of hosts that play neither role, at most. */
  beside: { peaks: Record<string, number> };
  cap: CapFigures;
  forecast: ForecastFigures;
  /** `recycled`: ports in TIME_WAIT that connect() took over. */
  "loopback-hides": { reuse: string; ports: number; recycled: number | null };
}

/** What a cable did besides carrying, at first, one way; and what became of the frames of one trial. */
export interface CableFigures extends LinkPlan {
  /** It did the same the other way, and both are counted. */
  both: boolean;
  /** A step changed it. */
  changed: boolean;
  /** `netem`, `forwarder`; null where it was not measured. */
  by: string | null;
  frames: number;
  lost: number;
  duplicated: number | null;
  /** Not among `frames`: dropped before the process that carries them took them. */
  missed: number | null;
  overflowed: number | null;
  /** How much later than asked for frames went out: half of them, and one in a hundred. */
  lateP50Us: number | null;
  lateP99Us: number | null;
}

/** An end of a link: the one that connects, or the one that accepts. */
export type End = "from" | "to";

/** Shares of the connections that ended. */
export interface ClosedFirst {
  from: number;
  to: number;
  reset: number;
}

export interface HolderFigures {
  /**
   * `one`: the end `end` holds nine in ten of all; `both`: neither does; `reused`: hardly any came of many requests;
   * `resets`: most connections left none; `none`: no socket entered it; `unreadable`: it could not be counted.
   */
  kind: "one" | "both" | "reused" | "resets" | "none" | "unreadable";
  end: End | null;
  /** Sockets that entered TIME_WAIT; null with `unreadable`. `to` is null where that is no host of the lab. */
  created: { from: number; to: number | null } | null;
  closedFirst: ClosedFirst | null;
  opened: number;
  succeeded: number;
  /** null where nobody counts requests. */
  requestsPer: number | null;
  /** It sent the first FIN on most of its connections, and its kernel gave them no TIME_WAIT. */
  refusedAt: End | null;
}

/** Whole numbers over connections. */
export interface Spread {
  min: number;
  median: number;
  max: number;
}

export interface CauseFigures {
  /** The end that closed. */
  end: End;
  /** One of `closeCauses`, or what the scenario leaves to that end (`planned`), or does not (`not-as-planned`). */
  cause: Exclude<CloseCause, "reset" | "end-of-load"> | "planned" | "not-as-planned";
  /** Connections that ended for it, of those that ended before the load did; null where they were not counted. */
  count: number | null;
  of: number | null;
  /** What they had carried, and how long no request had been on them; null where the client does not tell. */
  requests: Spread | null;
  idleMs: Spread | null;
  /** Of the scenario: after how many requests a connection is to end, and how many idle ones the client keeps. */
  planned: number | null;
}

export interface StaleFigures {
  stale: number;
  sent: number;
  /** Of the connections on which they were sent, when they were. */
  requests: Spread | null;
  idleMs: Spread | null;
}

/** The local ports of one end for all pairs of addresses. */
export interface Ports {
  low: number;
  high: number;
  /** Pairs of addresses: each has the range once. */
  pairs: number;
  size: number;
}

export interface CapFigures {
  end: End;
  /**
   * `buckets`: next to net.ipv4.tcp_max_tw_buckets; `ports`, `half-ports`: as many as the ports of the end that connects,
   * or half of them; `rate`: 60 s × what is created; `reopened`, `recycled`, `fewer`: below all of these, for new
   * connections took sockets over, or for a reason that is not known; `nat-ports`: what a NAT leaves room for.
   */
  by: "buckets" | "ports" | "half-ports" | "rate" | "reopened" | "recycled" | "fewer" | "nat-ports";
  created: number;
  peak: number;
  /** The limit of `buckets`. */
  limit: number | null;
  ports: Ports | null;
  perSec: number | null;
  recycled: number;
}

export type ForecastFigures =
  | {
      /** What the population would meet first, if the load went on. */
      of: "population";
      end: End;
      by: "rate" | "reopened" | "ports" | "buckets";
      /** It was measured for so long. */
      durationMs: number;
      /** Created a second; at the end of a ramp. */
      perSec: number;
      ramp: boolean;
      /** Where it would level off; the limit of `buckets`. */
      at: number;
      ports: Ports | null;
    }
  | {
      /** How long the ports last of the end that connects. */
      of: "ports";
      ports: Ports;
      perSec: number;
      ramp: boolean;
      /** Whether that end closes first, and `perSec` is its TIME_WAIT; else connections, and what if it did. */
      closes: boolean;
      /** null: for ever. */
      lastMs: number | null;
      /** With so many a second they last for ever. */
      endlessPerSec: number;
      /** net.ipv4.tcp_tw_reuse, where it lets a port be taken again after a second. */
      reuse: string | null;
      ranOut: boolean;
    };

/** `share`: of the time in which the threads could have run, what they waited for a processor. */
export interface StarvedFigures {
  host: string;
  waitMs: number;
  share: number;
}
