import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { WatchView } from "../../src/watch/types.js";
import { ROOT, runBench, runProgram, startBench } from "../support/bench.js";
import { skipUnlessInstalled } from "../support/skip.js";
import { temporaryFolder } from "../support/temporary.js";

const RULES = join(ROOT, "scenarios/watch/alerts.rules");
const DASHBOARD = join(ROOT, "scenarios/watch/dashboard.json");

test("Prometheus scrapes what is watched, and takes the alert rules and the dashboard's queries", async (context) => {
  skipUnlessInstalled(context, "promtool", "prometheus");
  const folder = temporaryFolder(context);
  const watching = startBench(["watch", "--every", "1s", "--format", "json", "--listen", "0"]);
  const [, address = ""] = /metrics: (\S+)/u.exec(await watching.said(/metrics: \S+\n/u))!;
  await expect.poll(async () => (await fetch(address)).status, { timeout: 20_000 }).toBe(200);
  const text = await (await fetch(address)).text();
  const scraped = join(folder, "metrics");
  writeFileSync(scraped, text);
  const check = await runProgram("sh", ["-c", 'promtool check metrics <"$0"', scraped]);
  expect(check).toMatchObject({ exitCode: 0, stderr: "" });

  expect(await statusOf(address, { headers: { host: "evil.example" } })).toBe(403);
  expect(await statusOf(address, { method: "POST" })).toBe(405);
  expect(await statusOf(address.replace("/metrics", "/"), {})).toBe(404);
  const { port } = new URL(address);
  expect(await runBench(["watch", "--count", "1", "--listen", port])).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining("EADDRINUSE") as string,
  });

  const web = `127.0.0.1:${await freePort()}`;
  writeFileSync(join(folder, "dashboard.rules"), rulesOf(dashboardQueries()));
  writeFileSync(
    join(folder, "prometheus.yml"),
    JSON.stringify({
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: [RULES, join(folder, "dashboard.rules")],
      scrape_configs: [{ job_name: "bench", static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
    }),
  );
  const options = [`--config.file=${join(folder, "prometheus.yml")}`, `--storage.tsdb.path=${join(folder, "tsdb")}`];
  const prometheus = spawn("prometheus", [...options, `--web.listen-address=${web}`], { stdio: "ignore" });
  const ended = new Promise((resolve) => prometheus.on("exit", resolve));
  try {
    const valueOf = async (query: string): Promise<number | null> => {
      const { data } = (await asked(web, `query?query=${query}`)) as {
        data?: { result: { value: [number, string] }[] };
      };
      const [first] = data?.result ?? [];
      return first === undefined ? null : Number(first.value[1]);
    };
    const limit = Number(/^bench_tcp_local_ports_limit (\d+)$/mu.exec(text)![1]);
    await expect.poll(() => valueOf("bench_tcp_local_ports_limit"), { timeout: 30_000, interval: 500 }).toBe(limit);
    expect(await valueOf("bench_tcp_time_wait_created_total")).toBeGreaterThanOrEqual(0);
    const { data } = (await asked(web, "rules")) as { data: { groups: { rules: RuleState[] }[] } };
    const rules = data.groups.flatMap((group) => group.rules);
    expect(rules.map(({ name }) => name)).toEqual(expect.arrayContaining(["LocalPortsRunOut", "panel:0"]));
    expect(rules.filter(({ lastError }) => (lastError ?? "") !== "")).toEqual([]);
  } finally {
    prometheus.kill("SIGKILL");
    await ended;
  }

  watching.kill("SIGINT");
  const run = await watching.finished;
  expect(run.exitCode).toBe(0);
  const views = run.stdout.trimEnd().split("\n");
  expect((JSON.parse(views[0]!) as WatchView).portRange?.limit).toBe(
    Number(/^bench_tcp_local_ports_limit (\d+)$/mu.exec(text)![1]),
  );
  await expect(fetch(address)).rejects.toThrow();
});

test("an alert is raised for ports that run out soon, and none for those that last", async (context) => {
  skipUnlessInstalled(context, "promtool");
  const folder = temporaryFolder(context);
  const series = (peer: string, values: string) => ({
    series: `bench_tcp_local_ports_exhaustion_seconds{peer="${peer}",port="80",instance="web"}`,
    values,
  });
  // What a rule says is taken from the file: that it is raised, and for whom, is what is tested.
  const { groups } = parse(readFileSync(RULES, "utf8")) as { groups: { rules: Rule[] }[] };
  const { annotations } = groups[0]!.rules.find(({ alert }) => alert === "LocalPortsRunOut")!;
  const raised = {
    exp_labels: { severity: "critical", peer: "10.0.0.2", port: "80", instance: "web" },
    exp_annotations: {
      summary: "No local port is left towards 10.0.0.2 port 80 in 1m 30s",
      description: annotations.description.replace("{{ $labels.instance }}", "web"),
    },
  };
  writeFileSync(
    join(folder, "alerts.test.yml"),
    JSON.stringify({
      rule_files: [RULES],
      evaluation_interval: "5s",
      tests: [
        {
          interval: "5s",
          input_series: [series("10.0.0.2", "90x20"), series("10.0.0.3", "90000x20"), series("10.0.0.4", "4000x20")],
          alert_rule_test: [{ eval_time: "30s", alertname: "LocalPortsRunOut", exp_alerts: [raised] }],
        },
      ],
    }),
  );
  expect(await runProgram("promtool", ["test", "rules", join(folder, "alerts.test.yml")])).toMatchObject({
    exitCode: 0,
  });
});

interface RuleState {
  name: string;
  lastError?: string;
}

interface Rule {
  alert: string;
  annotations: { description: string };
}

function dashboardQueries(): string[] {
  const { panels } = JSON.parse(readFileSync(DASHBOARD, "utf8")) as { panels: { targets: { expr: string }[] }[] };
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr.replaceAll("$instance", ".*")));
}

/** Each query as a rule that records it: then Prometheus reads and runs it. */
function rulesOf(queries: readonly string[]): string {
  const rules = queries.map((expr, at) => ({ record: `panel:${at}`, expr }));
  return JSON.stringify({ groups: [{ name: "dashboard", rules }] });
}

async function asked(web: string, what: string): Promise<unknown> {
  try {
    return await (await fetch(`http://${web}/api/v1/${what}`)).json();
  } catch {
    return {};
  }
}

function statusOf(address: string, options: { method?: string; headers?: Record<string, string> }): Promise<number> {
  return new Promise((resolve, reject) => {
    request(address, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    })
      .on("error", reject)
      .end();
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
