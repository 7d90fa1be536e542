import { describe, expect, test } from "vitest";
import { timeWaitFigures } from "../../src/result/time-wait.js";
import { timelineOf } from "../../src/result/timeline.js";
import type { ConntrackSample, TableSample } from "../../src/sampler/types.js";
import type { Phase } from "../../src/scenario/phases/types.js";
import { endOf, gaugeAt, hostOf, measurementOf, sharedMeasurement, snapshotOf, tableAt, variantOf } from "./fixture.js";

const tracking = (sample: TableSample, conntrack: ConntrackSample): TableSample => ({ ...sample, conntrack });

test("a host that plays neither role is on the same clock, its TIME_WAIT told apart by the end that has the port", () => {
  const table: TableSample = {
    ...tableAt(1_500, 0, 0),
    ends: [
      endOf("to", 8080, { time_wait: 3, listen: 1 }),
      endOf("from", 8080, { time_wait: 20, established: 2 }),
      endOf("to", 9000, { time_wait: 4 }),
    ],
  };
  const proxy = hostOf({
    before: snapshotOf({ "TcpExt:TW": 5 }),
    after: snapshotOf({ "TcpExt:TW": 32 }),
    samples: [gaugeAt(900, 5), gaugeAt(1_400, 27), table],
  });
  const { client, others } = timelineOf(measurementOf({ hosts: { proxy } }));
  expect(client!.atMs[0]).toBe(0);
  expect(Object.keys(others!)).toEqual(["proxy"]);
  expect(others!["proxy"]).toMatchObject({
    atMs: [-100, 400],
    time_wait: [5, 27],
    time_wait_created: [0, 22],
    table: {
      atMs: [500],
      time_wait: [27],
      time_wait_accepted: [7],
      time_wait_made: [20],
      listen: [1],
      established: [2],
      fin_wait2: [0],
    },
  });
});

test.each([
  ["that stay in FIN_WAIT2 are not drawn as TIME_WAIT", [0, 5, 5, 0], [0, 3, 3, 8]],
  ["that wait in FIN_WAIT2 at the end are not, either", [0, 0, 0, 5], [0, 3, 3, 3]],
  ["between two FINs leave the gauge, which is read more often", [0, 5, 0, 0], null],
])("sockets %s", (_, finWait2, read) => {
  const inTables = [0, 3, 3, read?.at(-1) ?? 8];
  const tables = finWait2.map((sockets, at): TableSample => {
    const table = tableAt(1_000 + 250 * at, 0, inTables[at]!);
    table.sides.server.fin_wait2 = sockets;
    return { ...table, ends: [endOf("to", 8080, { fin_wait2: sockets, time_wait: inTables[at]! })] };
  });
  const samples = [gaugeAt(1_000, 0), ...tables, gaugeAt(1_100, 8), gaugeAt(1_900, 8)];
  const host = hostOf({ after: snapshotOf({ "TcpExt:TW": 8 }, 8), samples });
  const measurement = measurementOf({ hosts: { server: host, backend: host } });
  const { server, others } = timelineOf(measurement);
  expect(server!.time_wait).toEqual(read ?? [0, 8, 8]);
  expect(timeWaitFigures(measurement)!.server.peak).toBe(Math.max(...server!.time_wait));
  const lasts = finWait2[1]! > 0 && finWait2[2]! > 0;
  expect(others!["backend"]!.time_wait).toEqual(lasts ? inTables : [0, 8, 8]);
});

test("without such hosts there is no word of them", () => {
  const timeline = timelineOf(measurementOf());
  expect(timeline).not.toHaveProperty("others");
  expect(timeline.client!.table).not.toHaveProperty("time_wait_accepted");
});

test("tracked connections are told with each table, from the first on, where any were tracked at all", () => {
  const none = { count: 0, timeWait: 0, costUs: 0 };
  const client = [
    gaugeAt(1_000, 0),
    tableAt(1_000, 0, 0),
    tracking(tableAt(1_100, 0, 0), { count: 60, timeWait: 23, costUs: 9_000 }),
    tracking(tableAt(1_200, 0, 0), { count: 70, timeWait: null, costUs: 0 }),
  ];
  const server = [gaugeAt(1_000, 0), tracking(tableAt(1_000, 0, 0), none), tracking(tableAt(1_100, 0, 0), none)];
  const timeline = timelineOf(
    measurementOf({ hosts: { client: hostOf({ samples: client }), server: hostOf({ samples: server }) } }),
  );
  expect(timeline.client!.table).toMatchObject({
    conntrack: [0, 60, 70],
    conntrackTimeWait: [0, 23, null],
    conntrackCostUs: [0, 9_000, 0],
  });
  for (const column of ["conntrack", "conntrackTimeWait", "conntrackCostUs"])
    expect(timeline.server!.table).not.toHaveProperty(column);
});

describe("of steps without a load a side is all of its host", () => {
  const phases: Phase[] = [{ name: "look", do: "read", on: "server", port: null }];
  const variant = { ...variantOf(), phases };
  const seen: TableSample = {
    ...tableAt(1_100, 0, 0),
    ends: [endOf("to", 9_000, { time_wait: 7, listen: 1 }), endOf("from", 9_000, { established: 3 })],
  };

  test("by the gauge, and by every port", () => {
    const server = hostOf({ samples: [gaugeAt(1_000, 0), gaugeAt(1_050, 7), seen] });
    const timeline = timelineOf(measurementOf({ variant, hosts: { server } }));
    expect(timeline.server).toMatchObject({
      time_wait: [0, 7],
      table: { time_wait: [7], established: [3], listen: [1] },
    });
    // With a load it is the load's own.
    const ofLoad = timelineOf(measurementOf({ hosts: { server } }));
    expect(ofLoad.server).toMatchObject({ table: { time_wait: [0], established: [0] } });
  });

  test("on one host by the end that connected, and the one that accepted", () => {
    const { client, server } = timelineOf(sharedMeasurement([gaugeAt(1_000, 0), seen], { variant }));
    expect(client).toMatchObject({ time_wait: [0], established: [3] });
    expect(server).toMatchObject({ time_wait: [7], established: [0] });
  });
});
