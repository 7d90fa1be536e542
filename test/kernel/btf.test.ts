import { expect, test } from "vitest";
import { structSizes } from "../../src/kernel/btf.js";

const INT = 1;
const STRUCT = 4;
const UNION = 5;
const FUNC_PROTO = 13;

type Type = readonly [kind: number, name: string, size: number, extraBytes: number, members?: number];

function btf(types: readonly Type[]): Buffer {
  const names = ["", ...new Set(types.map(([, name]) => name).filter((name) => name !== ""))];
  const strings = Buffer.from(names.join("\0") + "\0", "latin1");
  const body = Buffer.concat(
    types.map(([kind, name, size, extra, members = 0]) => {
      const type = Buffer.alloc(12 + extra);
      type.writeUInt32LE(name === "" ? 0 : strings.indexOf(`\0${name}\0`) + 1, 0);
      type.writeUInt32LE(((kind << 24) | members) >>> 0, 4);
      type.writeUInt32LE(size, 8);
      return type;
    }),
  );
  const header = Buffer.alloc(24);
  header.writeUInt16LE(0xeb9f, 0);
  header.writeUInt8(1, 2);
  header.writeUInt32LE(24, 4);
  header.writeUInt32LE(0, 8);
  header.writeUInt32LE(body.length, 12);
  header.writeUInt32LE(body.length, 16);
  header.writeUInt32LE(strings.length, 20);
  return Buffer.concat([header, body, strings]);
}

const TYPES: Type[] = [
  [INT, "int", 4, 4],
  [STRUCT, "tcp_sock_ops", 16, 24, 2],
  [FUNC_PROTO, "", 1, 16, 2],
  [UNION, "tcp_sock", 9, 12, 1],
  [STRUCT, "tcp_sock", 2304, 36, 3],
  [STRUCT, "tcp_timewait_sock", 248, 0],
];

test("the size of a struct is found among types of every length, and no union or longer name is taken for it", () => {
  const sizes = structSizes(btf(TYPES), ["tcp_sock", "tcp_timewait_sock", "no_such"]);
  expect(sizes).toEqual({ tcp_sock: 2304, tcp_timewait_sock: 248 });
});

test("what is no BTF, is cut off, or has an unknown kind of type, tells nothing or less", () => {
  expect(structSizes(Buffer.from("no types here, only words"), ["tcp_sock"])).toEqual({});
  expect(structSizes(btf(TYPES).subarray(0, 40), ["tcp_sock"])).toEqual({});
  expect(structSizes(btf([[31, "new", 1, 0], ...TYPES]), ["tcp_sock"])).toEqual({});
});
