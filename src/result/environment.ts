import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import type { Environment } from "./types.js";
import { ownFile } from "../places.js";

const PACKAGE = ownFile("package.json");

/** bench's own version. */
export function benchVersion(): string {
  return (JSON.parse(readFileSync(PACKAGE, "utf8")) as { version: string }).version;
}

/** What ran the run. Tools and sysctls are added as trials tell them. */
export function describeEnvironment(isolation: Environment["isolation"]): Environment {
  const processors = cpus();
  return {
    benchVersion: benchVersion(),
    kernel: release(),
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryBytes: totalmem(),
    node: process.version,
    platform: process.platform,
    isolation,
    tools: {},
    sysctls: { client: {}, server: {} },
  };
}

/**
 * Those that decide what TIME_WAIT does, for sockets and for the entries of connection tracking, which a host may have
 * without using it; read on each host before the load.
 */
export const RELEVANT_SYSCTLS = [
  "net.ipv4.tcp_tw_reuse",
  "net.ipv4.tcp_tw_reuse_delay",
  "net.ipv4.tcp_max_tw_buckets",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_timestamps",
  "net.ipv4.tcp_rfc1337",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_max_syn_backlog",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_abort_on_overflow",
  "net.ipv4.tcp_ehash_entries",
  "net.core.somaxconn",
  "net.netfilter.nf_conntrack_max",
  "net.netfilter.nf_conntrack_tcp_timeout_syn_sent",
  "net.netfilter.nf_conntrack_tcp_timeout_syn_recv",
  "net.netfilter.nf_conntrack_tcp_timeout_established",
  "net.netfilter.nf_conntrack_tcp_timeout_fin_wait",
  "net.netfilter.nf_conntrack_tcp_timeout_close_wait",
  "net.netfilter.nf_conntrack_tcp_timeout_last_ack",
  "net.netfilter.nf_conntrack_tcp_timeout_time_wait",
  "net.netfilter.nf_conntrack_tcp_timeout_close",
  "net.netfilter.nf_conntrack_tcp_timeout_max_retrans",
  "net.netfilter.nf_conntrack_tcp_timeout_unacknowledged",
] as const;
