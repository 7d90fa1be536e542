/** Why a connection of the load ended, by what the client knows of it: never a guess. */
export const CLOSE_CAUSES = {
  asked: "the request said `Connection: close`",
  answer: "the answer said that the connection does not last, and the request had not asked for it",
  idle: "the server closed it while no request was on it, and had not said so before",
  "mid-request": "the server closed it while a request waited for the rest of its answer",
  reset: "a RST came, and neither side had said before that the connection ends",
  timeout: "the client gave up a request that took longer than `load.timeout`",
  malformed: "the client gave it up, because what came is not HTTP or was not asked for",
  error: "a system call failed otherwise than by a RST",
  "client-limit": "the client closed it after `requestsPerConnection` requests",
  "client-idle":
    "the client's library closed it while no request was on it, by a limit of its own or the server's hint",
  "body-unread": "the client closed it, because the body of an answer was not read",
  "idle-pool": "the client closed it, because its pool kept enough idle connections (`load.go.idleConnections`)",
  "end-of-load": "the client closed it when the load was over",
  unknown: "it cannot be told from what the client knows",
} as const satisfies Record<string, string>;

export type CloseCause = keyof typeof CLOSE_CAUSES;
