import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { autocannonClient } from "../../src/client/autocannon/client.js";
import type { LoadBooks, LoadTarget } from "../../src/client/types.js";
import { undiciClient } from "../../src/client/undici/client.js";
import type { LoadPlan, RequestPlan } from "../../src/scenario/types.js";
import { runEpoll } from "./epoll/load.js";
import { BUILD_MS, builtClient, runGo } from "./go/load.js";
import { CLOSE, type Load, runLoad } from "./load.js";

type Run = (target: LoadTarget, changes: Partial<LoadPlan>) => Promise<LoadBooks | Load>;
const CLIENTS: readonly { name: string; run: Run }[] = [
  { name: "epoll", run: runEpoll },
  { name: "undici", run: (target, changes) => runLoad(undiciClient, target, changes) },
  { name: "autocannon", run: (target, changes) => runLoad(autocannonClient, target, changes) },
  { name: "go", run: runGo },
];

interface Came {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Keeps what comes, and answers each with the status that its path names: `/404`. */
async function keeper(): Promise<{ target: LoadTarget; came: Came[] }> {
  const came: Came[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      came.push({ method, url, headers, body: Buffer.concat(parts) });
      response.writeHead(Number(/^\/(\d{3})/u.exec(url)?.[1] ?? 200)).end("Hello");
    });
  });
  server.keepAliveTimeout = 0;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { target: { host: "127.0.0.1", port: (server.address() as AddressInfo).port }, came };
}

const asking = (request: Partial<RequestPlan>): Pick<LoadPlan, "path" | "request"> => {
  const paths = request.paths ?? ["/x"];
  return { path: paths[0]!, request: { method: "GET", headers: {}, body: null, ...request, paths } };
};

beforeAll(builtClient, BUILD_MS);

describe.each(CLIENTS)("the client $name", ({ name, run }) => {
  test("sends method, fields and body as they are, on connections that it keeps", async () => {
    const { target, came } = await keeper();
    const text = '{"name":"Zoë","open":"{host}"}\r\n';
    const headers = { "Content-Type": "application/json", "X-Trace": "a: b;c", Host: "api.example" };
    const plan = asking({ method: "PUT", headers, body: { text } });
    const load = await run(target, { ...plan, connections: 2, requests: 6 });
    expect(load.requests).toEqual({ sent: 6, succeeded: 6, failed: 0 });
    for (const one of came) {
      expect(one).toMatchObject({ method: "PUT", url: "/x" });
      expect(one.headers).toMatchObject({
        "content-type": "application/json",
        "x-trace": "a: b;c",
        host: "api.example",
      });
      expect(one.body.toString()).toBe(text);
    }
    expect(came).toHaveLength(6);
    expect(load.connections.opened).toBeLessThanOrEqual(4);
    expect(load.statuses).toEqual({ 200: 6 });
  });

  test("sends a body of a megabyte whole, on connections of one request too", async () => {
    const { target, came } = await keeper();
    const text = "0123456789abcdef".repeat(65_536);
    const plan = asking({ method: "POST", body: { text } });
    const load = await run(target, { ...plan, ...(name === "autocannon" ? {} : CLOSE), connections: 2, requests: 4 });
    expect(load.requests).toEqual({ sent: 4, succeeded: 4, failed: 0 });
    expect(came.map(({ body }) => body.length)).toEqual([0, 0, 0, 0].fill(text.length));
    expect(came.every(({ body }) => body.equals(Buffer.from(text)))).toBe(true);
  });

  test("says that an empty body is empty", async () => {
    const { target, came } = await keeper();
    await run(target, { ...asking({ method: "POST" }), connections: 1, requests: 2 });
    expect(came.map(({ method, headers }) => [method, headers["content-length"]])).toEqual([
      ["POST", "0"],
      ["POST", "0"],
    ]);
  });

  test("requests several paths in turn", async () => {
    const { target, came } = await keeper();
    await run(target, { ...asking({ paths: ["/a", "/b?c=d", "/e"] }), connections: 1, requests: 7 });
    expect(came.map(({ url }) => url)).toEqual(["/a", "/b?c=d", "/e", "/a", "/b?c=d", "/e", "/a"]);
  });

  test("counts each answer by its status, and what the scenario calls success", async () => {
    const { target } = await keeper();
    const plan = { ...asking({ paths: ["/404", "/201", "/500"] }), success: ["2xx", "404"] };
    const load = await run(target, { ...plan, connections: 1, requests: 9 });
    expect(load.requests).toEqual({ sent: 9, succeeded: 6, failed: 3 });
    expect(load.errors).toEqual({ "HTTP 500": 3 });
    expect(load.statuses).toEqual({ 201: 3, 404: 3, 500: 3 });
  });
});

test.each(CLIENTS.filter(({ name }) => name !== "autocannon"))(
  "the client $name waits for no body after HEAD",
  async ({ name, run }) => {
    const { target, came } = await keeper();
    const load = await run(target, { ...asking({ method: "HEAD" }), connections: 1, requests: 4 });
    expect(load.requests).toEqual({ sent: 4, succeeded: 4, failed: 0 });
    expect(came.map(({ method }) => method)).toEqual(["HEAD", "HEAD", "HEAD", "HEAD"]);
    // undici asks with each for the end of its connection.
    expect(load.connections.opened).toBe(name === "undici" ? 4 : 1);
    expect(load.closings?.causes).toMatchObject(name === "undici" ? { asked: 4 } : { "end-of-load": 1 });
  },
);

test("autocannon, which would wait for one, refuses", async () => {
  const { target } = await keeper();
  await expect(runLoad(autocannonClient, target, asking({ method: "HEAD" }))).rejects.toMatchObject({
    code: "bad-scenario",
  });
});
