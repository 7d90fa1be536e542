/** How real programs are started in a lab, and what they need: for the tests, and for `npm run calibrate -- --only pairs`. */

/** A host that counts behind a service. @param together it answers so many requests at once */
export const withBackend = (together = 1) => ({
  topology: "hosts",
  hosts: {
    client: {},
    server: {},
    backend: { command: `exec node backend.cjs {host} {port} ${together}`, port: 9_000 },
  },
});

export const WITH_BACKEND = withBackend();

export const KEPT_BY_NGINX = `proxy_http_version 1.1; proxy_set_header Connection "";`;

/**
 * Two workers in front of the backend. Their log has a line for each request, with the number of its connection.
 * @param upstream directives of its `upstream`
 * @param location directives of its `location`
 */
export function nginx(upstream: string, location: string): string {
  return [
    "rm -f access.log",
    `echo '${upstream}' > upstream.conf`,
    `echo '${location}' > location.conf`,
    "sed 's/@HOST@/{host}/; s/@PORT@/{port}/; s/@BACKEND@/{backend}/' nginx.conf > ready.conf",
    "exec nginx -e stderr -p . -c ready.conf",
  ].join("; ");
}

/**
 * In front of the backend.
 * @param threads with more than one, the next request can be on one thread while another has still to put back the
 *   connection that it could have used: now and then one is opened without any fault
 * @param backend lines that are added to its `backend`
 */
export function haproxy(threads: number, ...backend: string[]): string {
  const lines = backend.map((line) => `'${line}'`).join(" ");
  return [
    "cp haproxy.cfg ready.cfg",
    `printf '  %s\\n' ${lines} >> ready.cfg`,
    `HOST={host} PORT={port} BACKEND={backend} THREADS=${threads} exec haproxy -db -f ready.cfg`,
  ].join("; ");
}

/** A service in Node that asks the backend. @param agent options of its http.Agent */
export function nodeService(agent: Record<string, unknown>, bytes = 2): string {
  return `exec node node_service.cjs {host} {port} {backend} '${JSON.stringify(agent)}' ${bytes}`;
}

/** Its log has a line for each request, with the port that the client's connection came from. */
export function gunicorn(workers: string, bytes = 2): string {
  const log = "--access-logfile access.log --access-logformat 'port=%({REMOTE_PORT}e)s'";
  return `rm -f access.log; BYTES=${bytes} exec gunicorn --bind {host}:{port} ${workers} ${log} wsgi_app:app`;
}

export const GTHREAD = "--worker-class gthread --threads 4 --keep-alive 5";

/** @param name of the socket on which it tells its own counts */
export function redis(name: string): string {
  return `redis-server --save '' --protected-mode no --unixsocket ${name}.sock --logfile ${name}.log --port 6379`;
}

/**
 * A service in Python that asks redis.
 * @param addresses its address, or several with commas between
 * @param how whether connections are `pooled`, or made for `each` request
 */
export function redisService(addresses: string, how: "pooled" | "each", pauseMs = 0): string {
  return `exec python3 redis_service.py {host} {port} ${addresses} ${how} ${pauseMs}`;
}
