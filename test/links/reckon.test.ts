import { describe, expect, test } from "vitest";
import { linksOf } from "../../src/links/reckon.js";
import type { HostView, Plan } from "../../src/links/types.js";
import type { Counters, HostSnapshot, LinkEnd, TableSample } from "../../src/sampler/types.js";

const ADDRESS = { client: "198.18.0.1", server: "198.18.0.2", backend: "198.18.0.3", nat: "198.18.0.4" } as const;
type Name = keyof typeof ADDRESS;

function end(
  which: LinkEnd["end"],
  port: number,
  [local, remote]: [string, string],
  states: LinkEnd["states"],
): LinkEnd {
  return { end: which, port, local, remote, states, timeWaitLeftMs: null, timeWaitBorn: states.time_wait ?? 0 };
}

const between = (own: Name, peer: Name): [string, string] => [ADDRESS[own], ADDRESS[peer]];

function snapshot(atMs: number, counters: Counters, ends: LinkEnd[]): HostSnapshot {
  return { atMs, counters, ends, timeWait: 0, cpu: {}, localPorts: null };
}

function table(atMs: number, ends: LinkEnd[]): TableSample {
  return { kind: "table", atMs, costUs: 1, source: "netlink", sides: {} as TableSample["sides"], ends };
}

function view(name: string, counters: Counters, after: LinkEnd[], changes: Partial<HostView> = {}): HostView {
  return {
    name,
    addresses: name in ADDRESS ? [ADDRESS[name as Name]] : [],
    before: snapshot(0, {}, []),
    after: snapshot(2_000, counters, after),
    tables: [],
    gaugePeak: 0,
    left: 0,
    countsEntries: true,
    alone: true,
    portLimit: 28_232,
    ...changes,
  };
}

function plan(hosts: HostView[], changes: Partial<Plan> = {}): Plan {
  return {
    hosts,
    own: { from: "client", to: "server", port: 8080, opened: 20, reset: 0, sent: 200 },
    ports: { server: [8080], backend: [9000] },
    behind: {},
    shared: false,
    ...changes,
  };
}

/** 20 kept connections that the client closes. */
const CLIENT = view("client", { "Tcp:ActiveOpens": 20, "TcpExt:TW": 20 }, [
  end("from", 8080, between("client", "server"), { time_wait: 20 }),
]);

const BACKEND = view("backend", {}, []);

test("the same of a link behind a proxy: what its listener did not accept was no connection", () => {
  const hosts = [
    view("client", { "Tcp:ActiveOpens": 20, "TcpExt:TW": 20 }, CLIENT.after.ends!),
    view("server", { "Tcp:PassiveOpens": 20, "Tcp:ActiveOpens": 107 }, [
      end("from", 9000, between("server", "backend"), { established: 7 }),
    ]),
    view("backend", { "Tcp:PassiveOpens": 7 }, [end("to", 9000, between("backend", "server"), { established: 7 })]),
  ];
  expect(linksOf(plan(hosts)).links["server"]!["backend"]).toMatchObject({ opened: 7, closedFirst: null });
});

test("a connect() that was given up is no connection, and one that the client alone did not see is", () => {
  const links = (active: number, accepted: number): unknown =>
    linksOf(
      plan([
        view("client", { "Tcp:ActiveOpens": active, "TcpExt:TW": 20 }, CLIENT.after.ends!),
        view("server", { "Tcp:PassiveOpens": accepted }, []),
      ]),
    ).links["client"]!["server"]!.opened;
  expect(links(27, 20)).toBe(20);
  expect(links(27, 22)).toBe(22);
  // Its handshake ended for the client, and not for the listener, whose queue was full.
  expect(links(27, 18)).toBe(20);
});

test("a service that connects to a backend for each request: the load's own link has nothing of that", () => {
  const { links, hosts, books } = linksOf(
    plan([
      CLIENT,
      view("server", { "Tcp:ActiveOpens": 200, "Tcp:PassiveOpens": 20, "TcpExt:TW": 200 }, [
        end("from", 9000, between("server", "backend"), { time_wait: 200 }),
      ]),
      view("backend", { "Tcp:PassiveOpens": 200 }, []),
    ]),
  );
  expect(links["client"]!["server"]).toMatchObject({
    opened: 20,
    perRequest: 0.1,
    timeWait: { from: { created: 20 }, to: { created: 0 } },
    closedFirst: { from: 1, to: 0, reset: 0 },
  });
  expect(links["server"]!["backend"]).toMatchObject({
    port: 9000,
    opened: 200,
    perRequest: 1,
    timeWait: { from: { created: 200 }, to: { created: 0 } },
    ports: { used: 200, limit: 28_232 },
  });
  expect(hosts).toMatchObject({ server: { opened: 200, accepted: 20, timeWait: { created: 200 } } });
  expect(
    books.every(({ timeWait, opened }) => timeWait.tables === timeWait.kernel && opened.links === opened.kernel),
  ).toBe(true);
});

test("what runs beside the service on the same host is a link to a port of it", () => {
  const { links } = linksOf(
    plan([
      CLIENT,
      view("server", { "Tcp:ActiveOpens": 50, "TcpExt:TW": 50 }, [
        end("from", 6379, ["127.0.0.1", "127.0.0.1"], { time_wait: 48, established: 2 }),
        end("to", 6379, ["127.0.0.1", "127.0.0.1"], { time_wait: 2, established: 2 }),
        end("to", 6379, ["0.0.0.0", "0.0.0.0"], { listen: 1 }),
      ]),
    ]),
  );
  expect(links["server"]).toEqual({
    "server:6379": expect.objectContaining({
      opened: 50,
      timeWait: { from: { created: 48, peak: 48, end: 48 }, to: { created: 2, peak: 2, end: 2 } },
      ports: { used: 50, limit: 28_232 },
    }),
  });
});

test("TIME_WAIT that a new connection took over is in no table: the one end that holds any has it, several share it", () => {
  const server = (ends: LinkEnd[]): HostView => view("server", { "Tcp:ActiveOpens": 300, "TcpExt:TW": 600 }, ends);
  const own = end("to", 8080, between("server", "client"), { time_wait: 100 });
  const one = linksOf(
    plan([CLIENT, BACKEND, server([own, end("from", 9000, between("server", "backend"), { established: 300 })])]),
  );
  expect(one.links["client"]!["server"]!.timeWait.to!.created).toBe(600);
  const two = linksOf(
    plan([CLIENT, BACKEND, server([own, end("from", 9000, between("server", "backend"), { time_wait: 200 })])]),
  );
  expect(two.links["client"]!["server"]).toMatchObject({ timeWait: { to: { created: 200 } }, exact: false });
  expect(two.links["server"]!["backend"]).toMatchObject({ timeWait: { from: { created: 400 } }, exact: false });
  expect(two.books).toMatchObject([{ host: "server", timeWait: { tables: 300, kernel: 600 } }]);
});

test("connections to whoever is not in the lab go by his address, and it cannot be told whether he reset or closed", () => {
  const outside = end("from", 443, [ADDRESS.server, "203.0.113.7"], { time_wait: 3 });
  const { links } = linksOf(plan([CLIENT, view("server", { "Tcp:ActiveOpens": 10, "TcpExt:TW": 3 }, [outside])]));
  expect(links["server"]!["203.0.113.7:443"]).toMatchObject({
    opened: 10,
    timeWait: { from: { created: 3 }, to: null },
    closedFirst: { from: 0.3, to: 0.7, reset: 0 },
    exact: false,
  });
});

test("a single client behind an address goes by its name", () => {
  const seenBy = (name: string): HostView =>
    view(
      name,
      { "Tcp:ActiveOpens": 5 },
      [end("from", 8080, [`10.0.0.${name.length}`, ADDRESS.server], { established: 5 })],
      {
        addresses: [`10.0.0.${name.length}`],
      },
    );
  const server = view("server", { "TcpExt:TW": 9 }, [end("to", 8080, between("server", "nat"), { time_wait: 9 })]);
  const nat = view("nat", {}, [], { addresses: [ADDRESS.nat] });
  const behind = { nat: ["client", "second"] };
  const alone = linksOf(plan([seenBy("client"), nat, server], { behind }));
  expect(Object.keys(alone.links)).toEqual(["client"]);
  expect(alone.links["client"]!["server"]!.timeWait.to!.created).toBe(9);
  // Where the listener closes first, nothing of it is left at the client.
  const gone = view("client", { "Tcp:ActiveOpens": 9 }, []);
  expect(Object.keys(linksOf(plan([gone, view("second", {}, []), nat, server], { behind })).links)).toEqual(["client"]);
});

describe("two clients behind one address, which the listener tells from nobody", () => {
  const ADDRESSES = { client: "10.0.0.1", second: "10.0.0.2" };
  const behind = { nat: ["client", "second"] };
  const client = (name: keyof typeof ADDRESSES, opens: number, states: LinkEnd["states"]): HostView =>
    view(
      name,
      { "Tcp:ActiveOpens": opens, "TcpExt:TW": states.time_wait ?? 0 },
      [end("from", 8080, [ADDRESSES[name], ADDRESS.server], states)],
      { addresses: [ADDRESSES[name]] },
    );
  const nat = view("nat", {}, [], { addresses: [ADDRESS.nat] });
  const server = (accepted: number, timeWait: number): HostView =>
    view("server", { "Tcp:PassiveOpens": accepted, "TcpExt:TW": timeWait }, [
      end("to", 8080, between("server", "nat"), { time_wait: timeWait }),
    ]);
  const own = { from: "client", to: "server", port: 8080, opened: 12, reset: 2, sent: 12 };

  test("share what it holds in TIME_WAIT by what they closed last; who gave up is no connection", () => {
    // Two of the load's own ended in resets; three of the other's connect() were given up.
    const hosts = [client("client", 14, {}), client("second", 11, {}), nat, server(20, 18)];
    const { links } = linksOf(plan(hosts, { own, behind }));
    expect(Object.keys(links)).toEqual(["client", "second"]);
    expect(links["client"]!["server"]).toMatchObject({
      opened: 12,
      timeWait: { from: { created: 0 }, to: { created: 10, peak: 10, end: 10 } },
      closedFirst: { from: 0, to: 10 / 12, reset: 2 / 12 },
      exact: false,
    });
    expect(links["second"]!["server"]).toMatchObject({
      opened: 8,
      timeWait: { to: { created: 8 } },
      closedFirst: { from: 0, to: 1, reset: 0 },
      exact: false,
    });
  });

  test("have what is the load's own told first; of whom no table shows anything the address stands", () => {
    const skewed = [client("client", 12, {}), client("second", 30, {}), nat, server(15, 15)];
    const { links } = linksOf(plan(skewed, { own: { ...own, reset: 0 }, behind }));
    expect(links["client"]!["server"]).toMatchObject({ timeWait: { to: { created: 12 } }, closedFirst: { to: 1 } });
    expect(links["second"]!["server"]).toMatchObject({ opened: 3, timeWait: { to: { created: 3 } } });
    const unseen = view("second", { "Tcp:ActiveOpens": 3 }, [], { addresses: [ADDRESSES.second] });
    const half = linksOf(
      plan([client("client", 12, {}), unseen, nat, server(15, 15)], { own: { ...own, reset: 0 }, behind }),
    );
    expect(Object.keys(half.links)).toEqual(["client", "nat"]);
    expect(half.links["client"]!["server"]).toMatchObject({ timeWait: { to: { created: 12 } } });
    expect(half.links["nat"]!["server"]).toMatchObject({ timeWait: { to: { created: 3 } }, exact: false });
  });

  test("share what the kernel counted and no table shows", () => {
    const listener = view("server", { "Tcp:PassiveOpens": 20, "TcpExt:TW": 20 }, [
      end("to", 8080, between("server", "nat"), { established: 0 }),
    ]);
    const hosts = [client("client", 12, {}), client("second", 8, {}), nat, listener];
    const { links } = linksOf(plan(hosts, { own: { ...own, reset: 0 }, behind }));
    expect(links["client"]!["server"]).toMatchObject({ timeWait: { to: { created: 12 } }, closedFirst: { to: 1 } });
    expect(links["second"]!["server"]).toMatchObject({ timeWait: { to: { created: 8 } }, closedFirst: { to: 1 } });
  });

  test("what a client closed first, or keeps, is none of the listener's", () => {
    const hosts = [
      client("client", 12, { time_wait: 12 }),
      client("second", 8, { established: 3 }),
      nat,
      server(20, 5),
    ];
    const { links } = linksOf(plan(hosts, { own: { ...own, reset: 0 }, behind }));
    expect(links["client"]!["server"]).toMatchObject({
      timeWait: { from: { created: 12 }, to: { created: 0, peak: 0, end: 0 } },
      closedFirst: { from: 1, to: 0, reset: 0 },
    });
    expect(links["second"]!["server"]).toMatchObject({
      opened: 8,
      timeWait: { from: { created: 0 }, to: { created: 5 } },
    });
  });
});

test("over more than a minute each reading counts what came since the one before", () => {
  const at = (atMs: number, present: number, born: number): TableSample =>
    table(atMs, [{ ...end("to", 8080, between("server", "client"), { time_wait: present }), timeWaitBorn: born }]);
  const last = end("to", 8080, between("server", "client"), { time_wait: 6_000 });
  const server = view("server", {}, [last], {
    countsEntries: false,
    after: snapshot(90_000, {}, [last]),
    tables: [at(30_000, 3_000, 3_000), at(60_000, 6_000, 3_000), at(90_000, 6_000, 3_000)],
  });
  const { links } = linksOf(plan([CLIENT, server]));
  expect(links["client"]!["server"]!.timeWait.to).toEqual({ created: 9_000, peak: 6_000, end: 6_000 });
});

test("sockets of before the load are not its own", () => {
  const own = between("server", "client");
  const server = view("server", {}, [{ ...end("to", 8080, own, { time_wait: 107 }), timeWaitBorn: 7 }], {
    countsEntries: false,
    before: snapshot(0, {}, [end("to", 8080, own, { time_wait: 100 })]),
  });
  expect(linksOf(plan([CLIENT, server])).links["client"]!["server"]!.timeWait.to!.created).toBe(7);
});

test("without isolation strangers' connections to other machines are nobody's link, and no counter is believed", () => {
  const machine = view(
    "server",
    { "Tcp:ActiveOpens": 5_000, "TcpExt:TW": 5_000 },
    [
      end("from", 443, ["192.0.2.1", "203.0.113.7"], { established: 30 }),
      end("from", 8080, ["127.0.0.1", "127.0.0.1"], { time_wait: 20 }),
      end("from", 6379, ["127.0.0.1", "127.0.0.1"], { time_wait: 40 }),
    ],
    { alone: false, countsEntries: false },
  );
  const { links, hosts } = linksOf(plan([machine], { shared: true }));
  expect(Object.keys(links)).toEqual(["client", "server"]);
  expect(links["client"]!["server"]).toMatchObject({ opened: 20, timeWait: { from: { created: 20 } }, exact: false });
  expect(links["server"]!["server:6379"]).toMatchObject({ opened: 40, exact: false });
  expect(hosts).toEqual({});
});

test("the load's own link is there even if no table saw a connection of it", () => {
  const { links } = linksOf(plan([view("client", { "Tcp:ActiveOpens": 20 }, []), view("server", {}, [])]));
  expect(links).toMatchObject({ client: { server: { port: 8080, opened: 20, perRequest: 0.1 } } });
});

const RESET = { "Tcp:ActiveOpens": 80, "Tcp:PassiveOpens": 20, "Tcp:EstabResets": 80 };
const listens = (port: number): LinkEnd => end("to", port, ["0.0.0.0", "0.0.0.0"], { listen: 1 });

test("a link whose connections all end in a reset between two readings is there by what both kernels counted", () => {
  const server = view("server", RESET, [listens(8080)]);
  const backend = view("backend", { "Tcp:PassiveOpens": 80 }, [listens(9000)]);
  expect(linksOf(plan([CLIENT, server, backend])).links["server"]).toMatchObject({
    backend: { port: 9000, opened: 80, perRequest: 0.4, closedFirst: { from: 0, to: 0, reset: 1 }, exact: true },
  });
  const sidecar = view("server", { ...RESET, "Tcp:PassiveOpens": 100 }, [listens(8080), listens(6379)]);
  expect(linksOf(plan([CLIENT, sidecar, BACKEND])).links["server"]).toMatchObject({ "server:6379": { opened: 80 } });
  // Of two that connect it is not known which one it was.
  const cache = view("cache", { "Tcp:ActiveOpens": 3 }, []);
  expect(linksOf(plan([CLIENT, server, backend, cache])).links["server"]).toBeUndefined();
});

test("of two links the one that ends in resets does not give its connections to the one that a table shows", () => {
  const kept = between("server", "nat");
  const server = view("server", { ...RESET, "Tcp:ActiveOpens": 84 }, [end("from", 5432, kept, { established: 4 })]);
  const backend = view("backend", { "Tcp:PassiveOpens": 80 }, [listens(9000)]);
  const database = view("nat", { "Tcp:PassiveOpens": 4 }, [
    end("to", 5432, between("nat", "server"), { established: 4 }),
  ]);
  expect(linksOf(plan([CLIENT, server, backend, database])).links["server"]).toMatchObject({
    backend: { opened: 80, exact: true },
    "nat:5432": { opened: 4, exact: true },
  });
});

test("what was counted in FIN_WAIT2, and reset before it came to TIME_WAIT, is none", () => {
  const own = { from: "client", to: "server", port: 8080, opened: 21, reset: 0, sent: 40 };
  const client = view("client", { "Tcp:ActiveOpens": 21, "Tcp:EstabResets": 19 }, []);
  const counters = { "Tcp:PassiveOpens": 21, "TcpExt:TW": 6 };
  const server = view("server", counters, [end("to", 8080, between("server", "client"), { time_wait: 2 })]);
  const { links, hosts } = linksOf(plan([client, server], { own }));
  expect(links["client"]!["server"]).toMatchObject({
    opened: 21,
    timeWait: { from: { created: 0 }, to: { created: 2 } },
  });
  expect(links["client"]!["server"]!.closedFirst).toEqual({ from: 0, to: 2 / 21, reset: 19 / 21 });
  expect(hosts["server"]!.timeWait.created).toBe(2);
  // The client has closed some as well, and more of them.
  const both = view("client", { "Tcp:ActiveOpens": 22, "Tcp:EstabResets": 18, "TcpExt:TW": 3 }, [
    end("from", 8080, between("client", "server"), { time_wait: 3 }),
  ]);
  const one = view("server", { "Tcp:PassiveOpens": 22, "TcpExt:TW": 2 }, [
    end("to", 8080, between("server", "client"), { time_wait: 1 }),
  ]);
  const mixed = linksOf(plan([both, one], { own: { ...own, opened: 22 } })).links["client"]!["server"];
  expect(mixed).toMatchObject({ timeWait: { from: { created: 3 }, to: { created: 1 } }, exact: true });
});

test("the same where the listener has other links: its peer's kernel counted the resets; on one host nobody's did", () => {
  const own = { from: "client", to: "server", port: 8080, opened: 22, reset: 0, sent: 40 };
  const client = view("client", { "Tcp:ActiveOpens": 22, "Tcp:EstabResets": 18 }, []);
  const ends = [
    end("to", 8080, between("server", "client"), { time_wait: 4 }),
    end("from", 9000, between("server", "backend"), { established: 2 }),
  ];
  const server = view("server", { "Tcp:ActiveOpens": 2, "Tcp:PassiveOpens": 22, "TcpExt:TW": 6 }, ends);
  const { links } = linksOf(plan([client, server, BACKEND], { own }));
  expect(links["client"]!["server"]).toMatchObject({ timeWait: { to: { created: 4 } }, exact: true });
  const here: [string, string] = ["127.0.0.1", "127.0.0.1"];
  const counters = { "Tcp:ActiveOpens": 22, "Tcp:PassiveOpens": 22, "TcpExt:TW": 6, "Tcp:EstabResets": 18 };
  const both = view("server", counters, [end("to", 8080, here, { time_wait: 4 })]);
  expect(linksOf(plan([both], { own, shared: true })).links["client"]!["server"]).toMatchObject({ exact: false });
});
