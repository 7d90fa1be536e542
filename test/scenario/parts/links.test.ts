import { expect, test } from "vitest";
import { errorOf, parse, places, withLines } from "../parsing.js";

const links = (line: string) => parse(withLines(line)).variants[0]!.lab.links;
const NOTHING = { delayMs: 0, jitterMs: 0, loss: 0, duplicate: 0, reorder: 0, bitsPerSec: null };

test("a link of two hosts holds in both directions, and what one direction says stands above it", () => {
  expect(
    links(
      "lab: { links: { client>server: { rate: 10mbit, loss: 0 % }, client-server: { delay: 10ms, jitter: 500us, loss: 1.5 % } } }",
    ),
  ).toEqual([
    { ...NOTHING, from: "client", to: "server", delayMs: 10, jitterMs: 0.5, bitsPerSec: 10_000_000 },
    { ...NOTHING, from: "server", to: "client", delayMs: 10, jitterMs: 0.5, loss: 0.015 },
  ]);
});

test("hosts whose names hold a - are told apart", () => {
  const hosts = "hosts: { client: {}, server: {}, a-b: {}, c: {} }";
  expect(
    links(`lab: { topology: hosts, ${hosts}, links: { a-b-c: { delay: 1ms }, client-a-b: { loss: 100% } } }`),
  ).toEqual([
    { ...NOTHING, from: "a-b", to: "c", delayMs: 1 },
    { ...NOTHING, from: "c", to: "a-b", delayMs: 1 },
    { ...NOTHING, from: "client", to: "a-b", loss: 1 },
    { ...NOTHING, from: "a-b", to: "client", loss: 1 },
  ]);
});

test("a step changes what it names, and then the lab has cables that can be changed", () => {
  const { lab, phases } = parse(
    withLines("phases: { x: { do: link, between: client>server, delay: 50ms, rate: null } }"),
  ).variants[0]!;
  expect(phases).toMatchObject([
    { do: "link", state: null, changes: [{ from: "client", to: "server", delayMs: 50, bitsPerSec: null }] },
  ]);
  expect(phases[0]).not.toHaveProperty("changes.0.loss");
  expect(lab).toMatchObject({ links: [], linksBy: "auto" });
  const down = parse(withLines("phases: { x: { do: link, on: server, state: down } }")).variants[0]!;
  expect(down.phases).toMatchObject([{ on: "server", state: "down", changes: [] }]);
  expect(down.lab).not.toHaveProperty("links");
});

test.each([
  ["lab: { links: { client-server: { delay: 10 } } }", "3:41"],
  ["lab: { links: { client-server: { delay: 31s } } }", "3:41"],
  ["lab: { links: { client-server: { loss: 101 % } } }", "3:40"],
  ["lab: { links: { client-server: { rate: 9kbit } } }", "3:40"],
  ["lab: { links: { client-server: { jitter: 1ms } } }", "3:32"],
  ["lab: { links: { client-server: { reorder: 1 % } } }", "3:32"],
  ["lab: { links: { client-server: { lag: 1ms } } }", "3:34"],
  ["lab: { links: { client-sever: { delay: 1ms } } }", "3:17"],
  ["lab: { links: { client: { delay: 1ms } } }", "3:17"],
  ["lab: { linksBy: tc }", "3:17"],
  ["lab: { topology: nat, links: { client-server: { delay: 1ms } } }", "3:23"],
  ["lab: { topology: loopback, links: { client-server: { delay: 1ms } } }", "3:28"],
  [
    "lab: { topology: hosts, hosts: { client: , server: , a: , a-b: , b-c: , c: }, links: { a-b-c: { delay: 1ms } } }",
    "3:88",
  ],
  ["phases: { x: { do: link } }", "3:14"],
  ["phases: { x: { do: link, delay: 1ms } }", "3:33"],
  ["phases: { x: { do: link, between: client-server } }", "3:35"],
  ["phases: { x: { do: link, between: client-third, loss: 1 % } }", "3:35"],
  ["phases: { x: { do: link, between: client-server, loss: 1 %, state: up } }", "3:68"],
  ["lab: { topology: loopback }\nphases: { x: { do: link, between: client-server, loss: 1 % } }", "4:35"],
])("%s", (line, place) => {
  expect(places(errorOf(withLines(line)).faults)).toEqual([place]);
});
