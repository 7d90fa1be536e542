import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { segmentFor } from "../../src/probe/injection.js";
import type { ArrivedSegment, Flag } from "../../src/probe/segment.js";
import { isRepeat, learn, type Watched } from "../../src/probe/watch.js";
import { asMeant } from "./probes.js";

const PEER = {
  sourceAddress: "198.18.0.1",
  destinationAddress: "198.19.0.1",
  sourcePort: 9000,
  destinationPort: 40_000,
  window: 100,
  maxSegmentBytes: null,
  dataBytes: 0,
};

function unknown(): Watched {
  const nothing = { next: null, peersNext: null, timestamp: null };
  const [own, peer] = [
    { address: "198.19.0.1", port: 40_000 },
    { address: "198.18.0.1", port: 9000 },
  ];
  return { own, peer, ...nothing, arrived: [], heardFrom: nothing };
}

function arrive(connection: Watched, flags: Flag[], numbers: Partial<ArrivedSegment>): void {
  learn(connection, { ...PEER, sequence: 0, acknowledgement: 0, timestamp: null, flags: new Set(flags), ...numbers });
}

function segment(connection: Watched, step: object): ReturnType<typeof segmentFor> {
  const meant = asMeant({ do: "segment", socket: "one", ...step }, "client");
  return segmentFor(meant as Extract<typeof meant, { do: "segment" }>, connection);
}

/** SYN-ACK, 1000 bytes, the ACK of our FIN: all numbers from these two on. */
function closed(theirs: number, ours: number): Watched {
  const connection = unknown();
  arrive(connection, ["SYN", "ACK"], {
    sequence: theirs,
    acknowledgement: (ours + 1) >>> 0,
    timestamp: { value: 500, echo: 7000 },
  });
  arrive(connection, ["ACK", "PSH"], {
    sequence: (theirs + 1) >>> 0,
    acknowledgement: (ours + 8) >>> 0,
    dataBytes: 1000,
    timestamp: { value: 510, echo: 7010 },
  });
  arrive(connection, ["FIN", "ACK"], {
    sequence: (theirs + 1001) >>> 0,
    acknowledgement: (ours + 8) >>> 0,
    timestamp: { value: 520, echo: 7020 },
  });
  arrive(connection, ["ACK"], {
    sequence: (theirs + 1002) >>> 0,
    acknowledgement: (ours + 9) >>> 0,
    timestamp: { value: 530, echo: 7030 },
  });
  return connection;
}

describe("what a peer's segments tell", () => {
  test("is which number each side would send next, wherever on the circle of numbers", () => {
    const number = fc.oneof(
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.integer({ min: 0xffff_f000, max: 0xffff_ffff }),
    );
    fc.assert(
      fc.property(number, number, (theirs, ours) => {
        expect(closed(theirs, ours)).toMatchObject({
          next: (ours + 9) >>> 0,
          peersNext: (theirs + 1002) >>> 0,
          timestamp: { own: 7030, peers: 530 },
        });
      }),
    );
  });

  test("is not turned back by a segment that comes again, nor by a RST", () => {
    const connection = closed(0xffff_ff00, 0xffff_fffb);
    const before = { ...connection };
    arrive(connection, ["FIN", "ACK"], { sequence: (0xffff_ff00 + 1001) >>> 0, acknowledgement: 3 });
    arrive(connection, ["RST", "ACK"], { sequence: 5_000_000, acknowledgement: 5_000_000 });
    expect(connection).toEqual(before);
  });

  test("begins anew with a SYN-ACK", () => {
    const connection = closed(1000, 1_000_000);
    arrive(connection, ["SYN", "ACK"], { sequence: 77, acknowledgement: 5 });
    expect(connection).toMatchObject({ next: 5, peersNext: 78 });
  });
});

describe("a segment as if from that socket", () => {
  test("repeats its last FIN", () => {
    const sent = segment(closed(1000, 0xffff_fff0), { flags: ["FIN", "ACK"], sequence: "repeat", timestamp: 5 });
    expect(sent).toMatchObject({
      sourcePort: 40_000,
      destinationPort: 9000,
      sequence: 0xffff_fff8,
      acknowledgement: 2002,
      timestamp: { value: 7035, echo: 530 },
      maxSegmentBytes: null,
    });
  });

  test("opens a connection anew, with numbers before or after its last", () => {
    const newer = segment(closed(1000, 0xffff_fff0), { flags: ["SYN"], sequence: 1000, timestamp: -7031 });
    expect(newer).toMatchObject({
      sequence: (0xffff_fff0 + 9 + 1000) % 2 ** 32,
      acknowledgement: 0,
      maxSegmentBytes: 1460,
    });
    expect(newer!.timestamp).toEqual({ value: 0xffff_ffff, echo: 0 });
    expect(segment(closed(1000, 0), { flags: ["SYN"], sequence: -10, timestamp: null })).toMatchObject({
      sequence: 0xffff_ffff,
      timestamp: null,
    });
  });

  test("has no timestamp where the connection had none, and cannot be made up from nothing", () => {
    const connection = unknown();
    expect(segment(connection, { flags: ["ACK"], sequence: 0 })).toBeNull();
    arrive(connection, ["SYN", "ACK"], { sequence: 1, acknowledgement: 2 });
    expect(segment(connection, { flags: ["ACK"], sequence: 0, timestamp: 1 })).toMatchObject({ timestamp: null });
  });
});

describe("a segment that only says again what was said", () => {
  const arrived = (flags: Flag[], sequence: number, dataBytes = 0): ArrivedSegment => ({
    ...PEER,
    sequence,
    acknowledgement: 0,
    timestamp: null,
    flags: new Set(flags),
    dataBytes,
  });
  const theirs = 0xffff_ff00;
  const next = (theirs + 1002) >>> 0;

  test("is the FIN that comes again, old data, and a probe; no answer", () => {
    const connection = closed(theirs, 1000);
    expect(isRepeat(connection, arrived(["FIN", "ACK"], next - 1))).toBe(true);
    expect(isRepeat(connection, arrived(["ACK"], next - 501, 500))).toBe(true);
    expect(isRepeat(connection, arrived(["ACK"], next - 1))).toBe(true);
  });

  test("is no ACK, no RST, no SYN-ACK, and nothing that brings something new", () => {
    const connection = closed(theirs, 1000);
    expect(isRepeat(connection, arrived(["ACK"], next))).toBe(false);
    expect(isRepeat(connection, arrived(["ACK"], next - 501, 502))).toBe(false);
    expect(isRepeat(connection, arrived(["RST"], next - 1))).toBe(false);
    expect(isRepeat(connection, arrived(["SYN", "ACK"], theirs))).toBe(false);
    expect(isRepeat(unknown(), arrived(["ACK"], 5))).toBe(false);
  });
});
