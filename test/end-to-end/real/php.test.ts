import { expect, test } from "vitest";
import { MARIADB, nginxWithPhp, PHP_FPM, REDIS, runServices } from "../../support/services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

const REQUESTS = 60;
/** pm.max_children of Debian's first pool. */
const WORKERS = 5;

const asks = (what: string) => ({ do: "load", load: { path: `/visits.php?${what}` } });

test("PHP-FPM connects to redis and to MariaDB for each request, unless the script asks for persistent connections", async (context) => {
  skipUnlessInstalled(context, "nginx", "phpquery", "mariadbd", "redis-server");
  const { result } = await runServices(["visits.php"], {
    lab: {
      topology: "hosts",
      hosts: { client: {}, server: { programs: [PHP_FPM] }, database: { programs: [MARIADB, REDIS] } },
    },
    server: nginxWithPhp("database"),
    load: { connections: 4, requests: REQUESTS },
    phases: {
      "redis-anew": asks("in=redis"),
      "redis-kept": asks("in=redis&kept"),
      "mariadb-anew": asks("in=mariadb"),
      "mariadb-kept": asks("in=mariadb&kept"),
    },
    variants: { only: {} },
  });
  const { figures } = result.variants["only"]!;
  const of = (step: string) => {
    const link = `${step}.links.server.${step.startsWith("redis") ? "database:6379" : "database"}`;
    return {
      failed: figures[`${step}.requests.failed`],
      opened: Number(figures[`${link}.opened`]),
      from: Number(figures[`${link}.timeWait.from.created`]),
      to: Number(figures[`${link}.timeWait.to.created`]),
    };
  };
  for (const step of ["redis-anew", "mariadb-anew"]) {
    const { failed, opened, from, to } = of(step);
    expect([step, failed, opened]).toEqual([step, 0, REQUESTS]);
    // The script says goodbye and closes; a database that hears it early closes as well, and each side can be the first.
    expect(from + to).toBeGreaterThanOrEqual(REQUESTS);
    const churn = {
      code: "link-churns",
      step,
      link: { from: "server", to: step.startsWith("redis") ? "database:6379" : "database" },
    };
    expect(result.findings).toContainEqual(expect.objectContaining(churn));
  }
  // redis never closes first.
  expect(of("redis-anew")).toMatchObject({ from: REQUESTS, to: 0 });
  for (const step of ["redis-kept", "mariadb-kept"]) {
    const { failed, opened, from, to } = of(step);
    expect([step, failed, from, to]).toEqual([step, 0, 0, 0]);
    expect(opened).toBeGreaterThanOrEqual(1);
    expect(opened).toBeLessThanOrEqual(WORKERS);
  }
  // nginx and PHP-FPM speak through a socket in the file system: there is no link of the server to itself.
  expect(Object.keys(result.variants["only"]!.trials[0]!.links!["server"]!).toSorted()).toEqual([
    "database",
    "database:6379",
  ]);
});
