import { describe, expect, test } from "vitest";
import { parseScenario } from "../../../src/scenario/parse.js";
import { ScenarioError } from "../../../src/scenario/source/faults.js";
import type { Variant } from "../../../src/scenario/types.js";

function parse(text: string): Variant {
  return parseScenario(text, { name: "s", file: "s.yaml", autoClient: "epoll" }).variants[0]!;
}

function faultsOf(text: string): string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.faults.map(({ message }) => message);
    throw error;
  }
}

test("without a word it is plain HTTP; with TLS `auto` is a client that speaks it", () => {
  const plain = parse("load: {}");
  expect([plain.load.tls, plain.load.client]).toEqual([undefined, "epoll"]);
  const secure = parse("load: { tls: verify }");
  expect([secure.load.tls, secure.load.client]).toEqual(["verify", "undici"]);
  expect(parse("load: { tls: null }").load.tls).toBeUndefined();
});

test("a server that runs already is called by https://", () => {
  const { server } = parse("server: { kind: external, url: 'https://127.0.0.1:8443' }\nload: { tls: insecure }");
  expect(server).toMatchObject({ kind: "external", host: "127.0.0.1", port: 8443, https: true });
});

describe("a fault, with its sentence", () => {
  test.each([
    ["load: { client: epoll, tls: verify }", "epoll speaks no TLS"],
    ["load: { client: autocannon, tls: insecure }", "autocannon speaks no TLS"],
    ["load: { tls: maybe }", "`tls` must be `verify` or `insecure`, not `maybe`"],
    ["server: { kind: epoll }\nload: { tls: verify }", "a server of kind epoll speaks no TLS"],
    ["lab: { topology: proxy }\nload: { tls: verify }", "the proxy of this topology speaks no TLS"],
    [
      "server: { kind: external, url: 'http://127.0.0.1:3000' }\nload: { tls: insecure }",
      "the server is called by http://",
    ],
    ["server: { kind: external, url: 'https://127.0.0.1' }", "the server speaks TLS, and the load does not"],
    [
      "server: { kind: external, url: 'https://127.0.0.1' }\nload: { tls: verify }",
      "the certificate of a server that runs already is not the lab's",
    ],
    [
      "phases: { a: { do: load, on: client }, b: { do: load, on: client, load: { tls: verify } } }",
      "one load speaks TLS and another does not, and the server speaks one of both",
    ],
  ])("%s", (text, message) => {
    expect(faultsOf(text)).toEqual([message]);
  });
});
