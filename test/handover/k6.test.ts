import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { exportToK6 } from "../../src/handover/k6.js";
import { parseScenario } from "../../src/scenario/parse.js";

const OPTIONS = { url: "http://orders:8080", pods: 4, image: "registry/bench:1", command: "bench export k6 s" };

interface Schema {
  type?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
}

/** The part of k6-operator's own schema that manifests of ours have to do with. */
const { spec: SPEC } = JSON.parse(readFileSync(new URL("fixtures/testrun-spec.json", import.meta.url), "utf8")) as {
  spec: Schema;
};

/** Structural schemas of Kubernetes know no other fields: unknown ones are dropped, or refused with strict validation. */
function faultsOf(value: unknown, schema: Schema, path: string): string[] {
  if (schema.type === "array")
    return Array.isArray(value)
      ? value.flatMap((one, at) => faultsOf(one, schema.items ?? {}, `${path}[${at}]`))
      : [`${path} is no array`];
  if (schema.type === "object") {
    if (typeof value !== "object" || value === null) return [`${path} is no object`];
    const { required = [], properties, additionalProperties } = schema;
    const missing = required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${path}.${name} is missing`);
    const inner = Object.entries(value).flatMap(([name, one]) => {
      const known =
        properties?.[name] ??
        (typeof additionalProperties === "object" ? additionalProperties : properties === undefined ? {} : undefined);
      return known === undefined ? [`${path}.${name} is not known`] : faultsOf(one, known, `${path}.${name}`);
    });
    return [...missing, ...inner];
  }
  const type = schema.type === "integer" ? "number" : schema.type;
  return type === undefined || typeof value === type ? [] : [`${path} is no ${schema.type}`];
}

function exported(text: string): ReturnType<typeof exportToK6> {
  return exportToK6(parseScenario(text, { name: "s", file: "s.yaml" }), OPTIONS);
}

const PLAIN = `
lab: { sysctl: { client: { net.ipv4.tcp_tw_reuse: 1 } } }
load: { connections: 8, duration: 3s, headers: { X-Note: "it's {url}" } }
variants:
  close: { load: { connection: close, path: "/a?b=1&c='$" } }
  paced: { load: { rate: 20, tls: insecure, paths: [/a, /b] } }
`;

test("the checker finds what a manifest must not have", () => {
  expect(faultsOf({ parallelism: "4", scripts: {} }, SPEC, "spec")).toEqual([
    "spec.script is missing",
    "spec.parallelism is no integer",
    "spec.scripts is not known",
  ]);
});

test("the manifest is one that k6-operator's schema takes, with the watcher in the runner's pod alone", () => {
  const text = exported(PLAIN).find(({ name }) => name === "testruns.yaml")!.text;
  const documents = parseAllDocuments(text).map((one) => one.toJS() as Record<string, never>);
  expect(documents.map(({ kind }) => kind)).toEqual(["ConfigMap", "TestRun", "ConfigMap", "TestRun"]);
  const [config, run] = documents as unknown as [
    { metadata: { name: string }; data: Record<string, string> },
    { spec: Record<string, unknown> & { runner: { initContainers: object[] }; initializer: object; script: object } },
  ];
  expect(faultsOf(run.spec, SPEC, "spec")).toEqual([]);
  expect(run.spec["parallelism"]).toBe(4);
  expect(run.spec.script).toEqual({ configMap: { name: config.metadata.name, file: "close.js" } });
  expect(config.data["close.js"]).toBe(exported(PLAIN)[0]!.text);
  expect(run.spec.runner.initContainers).toMatchObject([{ image: "registry/bench:1", restartPolicy: "Always" }]);
  expect(run.spec.initializer).not.toHaveProperty("initContainers");
});

test("a script says in its head what is different, and is JavaScript whatever the scenario holds", () => {
  const [close, paced] = exported(PLAIN);
  expect(close!.text).toContain("net.ipv4.tcp_tw_reuse=1");
  expect(close!.text).toContain('noConnectionReuse":true');
  expect(paced!.text).toContain('insecureSkipTLSVerify":true');
  expect(paced!.text).toContain('[target + "/a", target + "/b"]');
  for (const { text } of [close!, paced!]) {
    const checked = spawnSync(process.execPath, ["--input-type=module", "--check"], { input: text, encoding: "utf8" });
    expect(checked.stderr).toBe("");
  }
});

describe("what cannot be said in k6 is refused", () => {
  test.each([
    ["load: { requestsPerConnection: 10 }", /after a number of requests/u],
    ["load: { connection: close, closer: client }", /close first/u],
    ["load: { client: epoll, closer: reset, connection: close }", /reset/u],
    ["load: { client: epoll, localPorts: 40000-40100 }", /its sockets/u],
    ["load: { client: go, idleConnections: 2 }", /idle connections/u],
    ["load: { stages: [{ duration: 1s, rate: 5 }, { duration: 1s, rate: 9 }] }", /change its rate/u],
    ["load: { success: [2xx, 404] }", /statuses/u],
    ["load: { warmup: 1s }", /warm-up/u],
    ["phases: { a: { do: wait, for: 1s } }", /steps/u],
  ])("%s", (text, message) => {
    expect(() => exported(text)).toThrow(message);
  });
});
