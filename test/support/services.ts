import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { RunResult } from "../../src/result/types.js";
import { ROOT } from "./bench.js";
import { benchHere } from "./here.js";
import { leftovers } from "./leftovers.js";
import { temporaryFolder } from "./temporary.js";

/**
 * Services with the configuration of Debian, as root and as a user: command lines for `sh -c`. What stands in them beside that
 * configuration is what a lab needs, such as the address on which a database listens.
 */

/** `as USER COMMAND`: root changes to the service's account; a user stays who he is. */
const AS = `PATH="$PATH:/usr/sbin:/sbin"
as() { user=$1; shift; [ "$(id -u)" != 0 ] || set -- setpriv --reuid="$user" --regid="$user" --init-groups "$@"; "$@"; }
conf() { [ -r "$1" ] && echo "$1"; }`;
const script = (...lines: string[]): string => [AS, ...lines].join("\n");

/** With a database, a user and a password of the name `shop`. */
export const MARIADB = {
  command: script(
    'root=; [ "$(id -u)" != 0 ] || root=--user=mysql',
    "mkdir -p /run/mysqld && chmod 1777 /run/mysqld",
    "mariadb-install-db $root --skip-test-db >/dev/null || exit",
    // A statement a line.
    `printf '%s;\n' "CREATE DATABASE shop" "GRANT ALL ON shop.* TO shop@'%' IDENTIFIED BY 'shop'" >/tmp/init.sql`,
    "exec mariadbd $root --bind-address={host} --init-file=/tmp/init.sql",
  ),
  port: 3_306,
  readyTimeout: "60s",
  starts: "before-server",
};

export const REDIS = {
  command: script(
    "mkdir -p /run/redis && chmod 1777 /run/redis",
    "as redis redis-server $(conf /etc/redis/redis.conf) --daemonize no --bind {host} --protected-mode no --logfile ''",
  ),
  port: 6_379,
  starts: "before-server",
};

/** In the foreground, with its data in the place that Debian gives them; whoever comes from the lab is let in. */
export const POSTGRESQL = {
  kind: "command",
  command: script(
    'as_postgres() { mkdir -p /run/postgresql && chmod 1777 /run/postgresql && as postgres "$@"; }',
    'PATH="$(echo /usr/lib/postgresql/*/bin | cut -d" " -f1):$PATH" version=$(ls /etc/postgresql | head -n 1)',
    "data=/var/lib/postgresql/$version/main conf=$(conf /etc/postgresql/$version/main/postgresql.conf)",
    "as_postgres initdb --no-sync --auth=trust --username=postgres -D $data >/dev/null || exit",
    'echo "host all all 0.0.0.0/0 trust" >>$data/pg_hba.conf',
    "as_postgres postgres -D $data ${conf:+-c config_file=$conf} -c hba_file=$data/pg_hba.conf -c listen_addresses={host} -c port={port} -c ssl=off",
  ),
  port: 5_432,
  readyTimeout: "60s",
};

/** With Debian's first site, and its limits of keep-alive. */
export const APACHE = {
  kind: "command",
  command: script(". /etc/apache2/envvars", "mkdir -p $APACHE_RUN_DIR $APACHE_LOCK_DIR", "exec apache2 -D FOREGROUND"),
  port: 80,
};

/** In front of a host's port 9000, as an accelerator that keeps nothing. @param lines that are added to its configuration */
export function squid(origin: string, ...lines: string[]): Record<string, unknown> {
  const own = [
    "http_port {host}:{port} accel no-vhost defaultsite={host}",
    `cache_peer {${origin}} parent 9000 0 no-query originserver`,
    "http_access allow all",
    "cache deny all",
    ...lines,
  ];
  return {
    kind: "command",
    // The first rule that fits is the one that holds.
    command: script(
      `printf '%s\\n' ${own.map((line) => `'${line}'`).join(" ")} >/tmp/squid.conf`,
      "grep -v '^http_port' /etc/squid/squid.conf >>/tmp/squid.conf",
      "exec squid -N -f /tmp/squid.conf",
    ),
    port: 80,
    readyTimeout: "30s",
  };
}

/** On the socket that its first pool has. Only root can give that to another account, as the pool is configured. */
export const PHP_FPM = {
  command: script(
    "mkdir -p /run/php && chmod 1777 /run/php",
    "set -- -F -O; fpm=$(ls /usr/sbin/php-fpm* | head -n 1)",
    'if [ "$(id -u)" != 0 ]; then',
    "  cp -r /etc/php/${fpm#/usr/sbin/php-fpm}/fpm /tmp/fpm && sed -i 's#^include=.*#include=/tmp/fpm/pool.d/*.conf#' /tmp/fpm/php-fpm.conf",
    "  sed -i '/^listen.owner\\|^listen.group/d' /tmp/fpm/pool.d/www.conf",
    '  set -- "$@" -y /tmp/fpm/php-fpm.conf',
    "fi",
    'exec "$fpm" "$@"',
  ),
  ready: { line: "ready to handle connections" },
  readyTimeout: "30s",
  starts: "before-server",
};

/** The scripts of its folder, by PHP-FPM. @param database the host that scripts are told */
export function nginxWithPhp(database: string): Record<string, unknown> {
  const site = [
    "events {}",
    "http {",
    "  include /etc/nginx/mime.types;",
    "  access_log /var/log/nginx/access.log;",
    "  server {",
    "    listen {host}:{port};",
    "    root $PWD;",
    "    location ~ \\\\.php$ {",
    "      include snippets/fastcgi-php.conf;",
    `      fastcgi_param DATABASE {${database}};`,
    "      fastcgi_pass unix:$(ls /run/php/*.sock | head -n 1);",
    "    }",
    "  }",
    "}",
  ];
  const escaped = site.map((line) => line.replaceAll("$;", "\\$;").replaceAll('"', '\\"')).join("\n");
  return {
    kind: "command",
    // The configuration's own folder is where its snippets are looked for.
    command: script(
      '[ "$(id -u)" != 0 ] || user="user www-data;"',
      `cat >/tmp/site.conf <<END\n$user\n${escaped}\nEND`,
      "cp -r /etc/nginx /tmp/nginx && cp /tmp/site.conf /tmp/nginx/nginx.conf",
      "exec nginx -c /tmp/nginx/nginx.conf -g 'daemon off;'",
    ),
    port: 80,
  };
}

/** @returns what came out of the scenario, after it has run to its end in a folder with these files of test/fixtures/real */
export async function runServices(
  files: readonly string[],
  scenario: Record<string, unknown>,
): Promise<{ cwd: string; result: RunResult }> {
  const cwd = temporaryFolder();
  for (const file of files) cpSync(join(ROOT, "test/fixtures/real", file), join(cwd, file));
  writeFileSync(join(cwd, "s.yaml"), JSON.stringify({ title: "services", ...scenario }));
  const run = await benchHere(["run", "s.yaml", "--trials", "1", "--quiet", "-o", "r.json"], { cwd });
  expect(leftovers(run.mark)).toEqual([]);
  expect(run.stderr).toBe("");
  return { cwd, result: JSON.parse(readFileSync(join(cwd, "r.json"), "utf8")) as RunResult };
}
