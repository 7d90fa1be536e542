import { stringify } from "yaml";
import { cannotDo } from "../client/tools/abilities.js";
import { k6, k6Script } from "../client/tools/k6.js";
import { BenchError } from "../errors.js";
import type { LoadPlan, Scenario, Variant } from "../scenario/types.js";
import { printable } from "../text/printable.js";

/** A scenario for k6: scripts, and what k6-operator makes pods of. */

export interface K6Options {
  /** `http://orders:8080`: where the pods find the service. */
  url: string;
  /** Pods among which k6-operator shares out the connections. */
  pods: number;
  /** Of a container that runs bench. */
  image: string;
  /** How it is called that exports, for the files' heads. */
  command: string;
}

export interface ExportedFile {
  name: string;
  text: string;
}

/** Of k6 itself; the operator's own default is another one. */
const K6_IMAGE = "grafana/k6:1.8.1";
const METRICS_PORT = 9469;

/** A script for each variant, and one manifest. Pure. @throws BenchError `bad-scenario` for what cannot be said in k6 */
export function exportToK6(scenario: Scenario, options: K6Options): ExportedFile[] {
  const scripts = scenario.variants.map((variant) => ({ variant, text: scriptOf(scenario, variant, options) }));
  const manifests = scripts.flatMap(({ variant, text }) => manifestsOf(scenario, variant, text, options));
  const documents = manifests.map((one) => stringify(one, { lineWidth: 0 })).join("---\n");
  return [
    ...scripts.map(({ variant, text }) => ({ name: `${variant.name}.js`, text })),
    { name: "testruns.yaml", text: `${MANIFEST_HEAD}${documents}` },
  ];
}

const MANIFEST_HEAD = `# For k6-operator: kubectl apply -f testruns.yaml
#
# Beside k6 each pod has bench watch as a native sidecar (Kubernetes 1.29), in the network namespace whose ports run out.
# Its image is one with bench in it:
#   FROM node:22-slim
#   RUN npm install --global time-wait-bench
#   ENTRYPOINT ["bench"]
# Once the pods have ended, before they are deleted:
#   kubectl logs POD --container k6 >POD.k6.log
#   kubectl logs POD --container bench-watch >POD.json
#   bench import *.json --k6 POD.k6.log …
#
`;

function scriptOf(scenario: Scenario, variant: Variant, { url, command }: K6Options): string {
  refuse(variant);
  const differences = differencesOf(variant).map((line) => `// - ${line}`);
  const lines = k6Script(variant.load).map((line) => withTarget(line, variant.load.path));
  return [
    `// ${printable(scenario.name)}, variant ${variant.name}: written by ${printable(command)}`,
    "// Run it: TARGET=http://127.0.0.1:8080 k6 run THIS_FILE",
    "// What is different from the scenario:",
    ...differences,
    "",
    ...lines.filter((line) => line.startsWith("import ")),
    "",
    `const target = __ENV.TARGET || ${JSON.stringify(url)};`,
    ...lines.filter((line) => !line.startsWith("import ")),
    "",
  ].join("\n");
}

/** Places of a command line become parts of an expression. */
function withTarget(line: string, path: string): string {
  return line
    .replaceAll('"{url}"', `target + ${JSON.stringify(path)}`)
    .replaceAll(/"\{origin\}([^"]*)"/gu, (_, rest: string) => `target + ${JSON.stringify(rest)}`);
}

/** @throws BenchError `bad-scenario` */
function refuse({ name, load, phases, server }: Variant): void {
  const cannot = cannotSay(load) ?? (phases.length > 0 ? "take steps one after the other" : cannotDo(k6, load));
  if (cannot === null) return;
  throw new BenchError(
    "bad-scenario",
    `${name} cannot be exported: k6 cannot ${cannot.replace(/^cannot /u, "")}`,
    server.kind === "none" ? "Such scenarios are for a lab." : "Change that in the scenario, or run it with bench.",
  );
}

function cannotSay({
  connection,
  closer,
  requestsPerConnection,
  sockets,
  request,
  success,
  warmupMs,
  go,
}: LoadPlan): string | null {
  const chosen =
    sockets !== undefined &&
    (sockets.threads > 1 || sockets.localPorts !== null || sockets.lingerSec !== null || sockets.bind === "early");
  if (connection === "keep-alive" && requestsPerConnection !== null)
    return "close a connection after a number of requests";
  if (closer === "reset") return "end its connections by a reset";
  if (connection === "close" && closer === "client")
    return "close first: with a connection for each request it asks the server to close";
  if (go !== undefined && (!go.drain || go.idleConnections !== null))
    return "be told what becomes of bodies and idle connections, as Go's own client can";
  if (chosen) return "be told how to make its sockets";
  if (typeof request?.body === "object" && request.body !== null && "file" in request.body)
    return "send a file that is not in its pods: write `body`";
  if (success !== undefined) return "be told which statuses count as success";
  return (warmupMs ?? 0) > 0 ? "make a warm-up that is in no figure" : null;
}

/** All that is not in the script, and is another thing there. */
function differencesOf({ lab, server, load }: Variant): string[] {
  const settings = Object.entries(lab.sysctl).filter(([, of]) => Object.keys(of ?? {}).length > 0);
  const set = settings.map(
    ([host, of]) =>
      `${host}: ${Object.entries(of ?? {})
        .map((one) => one.join("="))
        .join(" ")}`,
  );
  return [
    `k6 makes the load in place of ${load.client}; it closes connections by its own rules`,
    `${load.connection === "close" ? "each request asks the server to close (noConnectionReuse)" : "each user keeps a connection of its own"}: which side holds TIME_WAIT is to be measured`,
    `the service is somebody's own, at TARGET, in place of the server ${server.kind}; there is no lab (${lab.topology})`,
    ...(set.length === 0 ? [] : [`settings of the kernel are those of the pods, not ${set.join("; ")}`]),
    "what the scenario expects is judged by bench alone, after bench import",
    ...(load.tls === "verify" ? ["the certificate is checked against the authorities of the container"] : []),
    ...(load.tls === undefined ? [] : ["with TLS k6 takes HTTP/2 where it is offered: set GODEBUG=http2client=0"]),
    "several pods share out the connections and the rate (execution segments); each has local ports of its own",
  ].map((line) => printable(line));
}

function manifestsOf({ name }: Scenario, variant: Variant, script: string, { url, pods, image }: K6Options): object[] {
  const called = `${name}-${variant.name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-|-$/gu, "")
    .slice(0, 50);
  const file = `${variant.name}.js`;
  const http1 = variant.load.tls === undefined ? [] : [{ name: "GODEBUG", value: "http2client=0" }];
  return [
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: called }, data: { [file]: script } },
    {
      apiVersion: "k6.io/v1alpha1",
      kind: "TestRun",
      metadata: { name: called },
      spec: {
        parallelism: pods,
        // Ports are a pod's own, and processors a node's.
        separate: true,
        script: { configMap: { name: called, file } },
        args: ["--tag", `testid=${called}`],
        // Without it the operator copies the runner, and the sidecar with it (pkg/resources/jobs/initializer.go).
        initializer: { image: K6_IMAGE },
        runner: {
          image: K6_IMAGE,
          env: [{ name: "TARGET", value: url }, ...http1],
          initContainers: [
            {
              name: "bench-watch",
              image,
              restartPolicy: "Always",
              args: ["watch", "--every", "1s", "--listen", `0.0.0.0:${METRICS_PORT}`, "--record", "-"],
            },
          ],
          metadata: {
            annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": String(METRICS_PORT) },
          },
        },
      },
    },
  ];
}
