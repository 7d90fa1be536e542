/** What just became true, while a run goes on. */
export const NOTICES = {
  "ports-half": "{from} has used {used} of its {ports} local ports towards {to}",
  "no-port": "first EADDRNOTAVAIL: {from} had no free local port towards {to} for {requests}",
  failed: "the first requests have failed: {failed} of {ended} that have ended",
  "bucket-limit":
    "bucket limit reached: {host} holds {held} sockets in TIME_WAIT, and net.ipv4.tcp_max_tw_buckets allows {limit}; its kernel ends more of them without it",
  "client-gathers": "TIME_WAIT gathers on the client: it closes first",
  "server-gathers": "TIME_WAIT gathers on the server: it closes first",
} as const;
