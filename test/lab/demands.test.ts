import { expect, test } from "vitest";
import { partForLabs } from "../../src/lab/demands.js";
import { parse, withLines } from "../scenario/parsing.js";

test.each([
  ["lab: { topology: loopback, family: ipv6 }", null],
  // Over loopback with a warning, as ever.
  ["lab: { topology: two-hosts, linksBy: forwarder, sysctl: { client: { net.a: 1 } } }", null],
  ["lab: { topology: loopback, addresses: { client: 2 } }\nload: { client: epoll }", "`lab.addresses`"],
  ["lab: { addresses: { server: 2 } }\nload: { client: epoll }", "`lab.addresses`"],
  ["lab: { links: { client-server: { loss: 1 % } } }", "`lab.links`"],
  ["lab: { topology: hosts, hosts: { client: {}, server: { command: x, port: 1 } } }", "`topology: hosts`"],
  ["phases: { a: { do: wait, for: 1s } }", "steps"],
])("%s needs a lab for %s", (lines, part) => {
  expect(partForLabs(parse(withLines(lines)))).toBe(part);
});
