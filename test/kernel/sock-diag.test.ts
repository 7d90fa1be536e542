import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DamagedReplyError, RefusedError } from "../../src/kernel/netlink.js";
import {
  AF_INET,
  AF_INET6,
  ALL_STATES,
  allSocketsReply,
  encodeRequest,
  type Family,
  socketsReply,
} from "../../src/kernel/sock-diag.js";
import {
  datagrams,
  doneMessage,
  type KernelSocket,
  message,
  SEQUENCE,
  socketMessage,
  socketOf,
} from "./netlink-replies.js";

const families = fc.constantFrom<Family>(AF_INET, AF_INET6);
/** A family and a table of its sockets. */
const tables = families.chain((family) =>
  fc.record({ family: fc.constant(family), sockets: fc.array(socketOf(family), { maxLength: 12 }) }),
);

type Seen = Omit<KernelSocket, "attributes">;

function read(family: Family, pieces: readonly Buffer[]): { sockets: Seen[]; done: boolean } {
  const sockets: Seen[] = [];
  const reply = socketsReply(family, SEQUENCE, (socket) =>
    sockets.push({
      state: socket.state,
      timer: socket.timer,
      localPort: socket.localPort,
      remotePort: socket.remotePort,
      localAddress: [...socket.localAddress],
      remoteAddress: [...socket.remoteAddress],
      expiresMs: socket.expiresMs,
    }),
  );
  for (const piece of pieces) reply.push(piece);
  return { sockets, done: reply.done };
}

describe("a reply", () => {
  test("gives every socket as the kernel wrote it, however it is spread over datagrams", () => {
    fc.assert(
      fc.property(tables, fc.array(fc.nat(13)), ({ family, sockets }, cuts) => {
        const messages = [...sockets.map((socket) => socketMessage(family, socket)), doneMessage()];
        const pieces = datagrams(messages, cuts);
        const expected = sockets.map(({ attributes: _ignored, ...socket }) => socket);
        expect(read(family, pieces)).toEqual({ sockets: expected, done: true });
        // The end is in the last datagram, and is seen there and not before.
        expect(read(family, pieces.slice(0, -1)).done).toBe(false);
      }),
    );
  });

  test("of both families at once has the sockets of both, and none of a third", () => {
    const one = (family: Family) => socketOf(family).map((socket) => ({ family, socket }));
    // The old request is answered by messages of its own type.
    const old = (family: Family, socket: KernelSocket): Buffer => {
      const bytes = socketMessage(family, socket);
      bytes.writeUInt16LE(18, 4);
      return bytes;
    };
    fc.assert(
      fc.property(
        fc.array(fc.oneof(one(AF_INET), one(AF_INET6)), { maxLength: 12 }),
        fc.array(fc.nat(13)),
        (all, cuts) => {
          const seen: [Family, number][] = [];
          const reply = allSocketsReply(SEQUENCE, ({ family, localPort }) => seen.push([family, localPort]));
          const messages = all.map(({ family, socket }) => old(family, socket));
          for (const piece of datagrams([...messages, doneMessage()], cuts)) reply.push(piece);
          expect(reply.done).toBe(true);
          expect(seen).toEqual(all.map(({ family, socket }) => [family, socket.localPort]));
        },
      ),
    );
    const [socket] = fc.sample(socketOf(AF_INET), 1);
    const push = (family: number): void => allSocketsReply(SEQUENCE, () => {}).push(old(family as Family, socket!));
    expect(() => push(1)).toThrow(DamagedReplyError);
    expect(() => push(AF_INET)).not.toThrow();
  });

  test("that ends too early is an error, or is not done: never a count", () => {
    fc.assert(
      fc.property(tables, fc.array(fc.nat(13)), fc.double({ min: 0, max: 1, noNaN: true }), (table, cuts, where) => {
        const messages = [...table.sockets.map((socket) => socketMessage(table.family, socket)), doneMessage()];
        const pieces = datagrams(messages, cuts);
        const last = Math.min(pieces.length - 1, Math.floor(where * pieces.length));
        const kept = Math.floor(where * (pieces[last]!.length - 1));
        const cut = [...pieces.slice(0, last), pieces[last]!.subarray(0, kept)];
        let reading;
        try {
          reading = read(table.family, cut);
        } catch (error) {
          expect(error).toBeInstanceOf(DamagedReplyError);
          return;
        }
        expect(reading.done).toBe(false);
      }),
    );
  });

  test("of any bytes whatever brings sockets, one of the two errors, and an end", () => {
    fc.assert(
      fc.property(families, fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), (family, pieces) => {
        try {
          read(
            family,
            pieces.map((piece) => Buffer.from(piece)),
          );
        } catch (error) {
          expect(error instanceof DamagedReplyError || error instanceof RefusedError).toBe(true);
        }
      }),
    );
  });

  test("with a few bytes changed brings sockets, one of the two errors, and an end", () => {
    const change = fc.record({ at: fc.nat(2_000), to: fc.nat(255) });
    fc.assert(
      fc.property(tables, fc.array(change, { minLength: 1, maxLength: 3 }), ({ family, sockets }, changes) => {
        const whole = Buffer.concat([...sockets.map((socket) => socketMessage(family, socket)), doneMessage()]);
        for (const { at, to } of changes) whole[at % whole.length] = to;
        try {
          const reading = read(family, [whole]);
          expect(reading.sockets.length).toBeLessThanOrEqual(sockets.length);
        } catch (error) {
          expect(error instanceof DamagedReplyError || error instanceof RefusedError).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  const socket: KernelSocket = {
    state: 6,
    timer: 3,
    localPort: 8080,
    remotePort: 40_000,
    localAddress: [198, 18, 0, 1],
    remoteAddress: [198, 18, 0, 2],
    expiresMs: 59_000,
    attributes: new Uint8Array(),
  };
  const whole = socketMessage(AF_INET, socket);

  test.each([
    ["an empty datagram", [Buffer.alloc(0)]],
    ["a socket of the other family", [socketMessage(AF_INET6, { ...socket, localAddress: [], remoteAddress: [] })]],
    ["a state that there is not", [socketMessage(AF_INET, { ...socket, state: 12 })]],
    ["state zero", [socketMessage(AF_INET, { ...socket, state: 0 })]],
    ["a message shorter than a socket", [message(20, whole.subarray(16, 16 + 71))]],
    ["a message of no length", [Buffer.alloc(16)]],
    ["the answer to another request", [message(20, whole.subarray(16), SEQUENCE + 1)]],
    ["another kind of message", [message(21, whole.subarray(16))]],
    ["an acknowledgement", [message(2, Buffer.alloc(4))]],
    ["an end that does not say how it ended", [message(3, Buffer.alloc(0))]],
    ["more after the end", [doneMessage(), whole]],
    ["more after the end, in the same datagram", [Buffer.concat([doneMessage(), whole])]],
    ["an interrupted dump", [message(20, whole.subarray(16), SEQUENCE, 2 | 0x10)]],
  ])("that is damaged is told, not guessed: %s", (_what, pieces) => {
    expect(() => read(AF_INET, pieces)).toThrow(DamagedReplyError);
  });

  test.each([
    ["an error", message(2, Buffer.from([0xfe, 0xff, 0xff, 0xff]))],
    ["an end that failed", doneMessage(-2)],
  ])("carries the kernel's errno: %s", (_what, piece) => {
    expect(() => read(AF_INET, [whole, piece])).toThrow(expect.objectContaining({ name: "RefusedError", errno: 2 }));
  });

  test("may have messages that say nothing", () => {
    expect(read(AF_INET, [Buffer.concat([message(1, Buffer.alloc(0)), whole, doneMessage()])])).toMatchObject({
      sockets: [{ localPort: 8080 }],
      done: true,
    });
  });
});

describe("a request", () => {
  const ports = fc.array(fc.integer({ min: 1, max: 65_535 }), { maxLength: 6 });

  test("says what it asks for where the kernel looks for it", () => {
    fc.assert(
      fc.property(families, fc.nat(ALL_STATES), ports, fc.nat(), (family, states, wanted, sequence) => {
        const request = encodeRequest({ family, states, ports: wanted }, sequence);
        expect(request.readUInt32LE(0)).toBe(request.length);
        expect(request.readUInt16LE(4)).toBe(20);
        expect(request.readUInt16LE(6)).toBe(0x301);
        expect(request.readUInt32LE(8)).toBe(sequence);
        expect([...request.subarray(16, 20)]).toEqual([family, 6, 0, 0]);
        expect(request.readUInt32LE(20)).toBe(states);
        // No addresses, ports, device or cookie: those would be matched as well.
        expect(request.subarray(24, 72).every((byte) => byte === 0)).toBe(true);
      }),
    );
  });

  test("filters for the ports, at either end, by a program that the kernel accepts", () => {
    const port = fc.integer({ min: 0, max: 65_535 });
    fc.assert(
      fc.property(ports, port, port, (wanted, local, remote) => {
        const request = encodeRequest({ family: AF_INET, states: ALL_STATES, ports: wanted }, 1);
        const passes = (localPort: number, remotePort: number): boolean => {
          if (request.length === 72) return true;
          expect([request.readUInt16LE(72), request.readUInt16LE(74)]).toEqual([request.length - 72, 1]);
          const code = request.subarray(76);
          expect(isSound(code)).toBe(true);
          return run(code, localPort, remotePort);
        };
        const meant = (...ends: number[]): boolean => wanted.length === 0 || ends.some((end) => wanted.includes(end));
        expect(passes(local, remote)).toBe(meant(local, remote));
        for (const one of wanted) {
          expect(passes(one, remote)).toBe(true);
          expect(passes(local, one)).toBe(true);
          expect(passes(one + 1, one - 1)).toBe(meant(one + 1, one - 1));
        }
      }),
    );
  });
});

/** inet_diag_bc_run, of net/ipv4/inet_diag.c, for the operations that compare ports. */
function run(code: Buffer, localPort: number, remotePort: number): boolean {
  let left = code.length;
  while (left > 0) {
    const at = code.length - left;
    const port = at + 6 < code.length ? code.readUInt16LE(at + 6) : 0;
    const holds = [true, false, localPort >= port, localPort <= port, remotePort >= port, remotePort <= port][
      code[at]!
    ]!;
    left -= holds ? code[at + 1]! : code.readUInt16LE(at + 2);
  }
  return left === 0;
}

/** inet_diag_bc_audit: every jump leads forward, to an operation, to the end or just beyond it. */
function isSound(code: Buffer): boolean {
  const starts = new Set<number>();
  for (let at = 0; at < code.length; at += code[at + 1]!) {
    if (code[at + 1]! < 4 || code[at + 1]! % 4 !== 0) return false;
    starts.add(at);
  }
  return [...starts].every((at) => {
    const [operation, yes, no] = [code[at]!, code[at + 1]!, code.readUInt16LE(at + 2)];
    const least = operation >= 2 && operation <= 5 ? 8 : 4;
    const target = at + no;
    return (
      operation <= 5 &&
      yes >= least &&
      at + yes <= code.length &&
      no >= least &&
      no % 4 === 0 &&
      target <= code.length + 4 &&
      (target >= code.length || starts.has(target))
    );
  });
}
