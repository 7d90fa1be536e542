/**
 * The kernel's own description of its types (Documentation/bpf/btf.rst), as far as the size of a struct needs it. Bytes
 * are in the machine's order, of which every machine that we run on has the little one.
 */

const MAGIC = 0xeb9f;
/** struct btf_type: the name's offset, kind and number of members, size. */
const TYPE_BYTES = 12;
const STRUCT = 4;

/** By kind, what follows a type: so many bytes, and so many for each member. */
const BEHIND: readonly (readonly [bytes: number, perMember: number])[] = [
  [0, 0], // void
  [4, 0], // INT
  [0, 0], // PTR
  [12, 0], // ARRAY
  [0, 12], // STRUCT
  [0, 12], // UNION
  [0, 8], // ENUM
  [0, 0], // FWD
  [0, 0], // TYPEDEF
  [0, 0], // VOLATILE
  [0, 0], // CONST
  [0, 0], // RESTRICT
  [0, 0], // FUNC
  [0, 8], // FUNC_PROTO
  [4, 0], // VAR
  [0, 12], // DATASEC
  [0, 0], // FLOAT
  [4, 0], // DECL_TAG
  [0, 0], // TYPE_TAG
  [0, 12], // ENUM64
];

/** The sizes in bytes of those of the structs that it describes; none when it cannot be read, or has a kind of type that is unknown here. */
export function structSizes<Name extends string>(btf: Buffer, names: readonly Name[]): Partial<Record<Name, number>> {
  const sizes: Partial<Record<Name, number>> = {};
  if (btf.length < 24 || btf.readUInt16LE(0) !== MAGIC) return sizes;
  const headerBytes = btf.readUInt32LE(4);
  const typesAt = headerBytes + btf.readUInt32LE(8);
  const typesEnd = typesAt + btf.readUInt32LE(12);
  const stringsAt = headerBytes + btf.readUInt32LE(16);
  const strings = btf.subarray(stringsAt, stringsAt + btf.readUInt32LE(20));
  if (typesEnd > btf.length) return sizes;
  const wanted = new Map<number, Name>();
  for (const name of names) {
    // Each string is there once, and the first one is empty: there is always a NUL before it.
    const at = strings.indexOf(`\0${name}\0`, 0, "latin1");
    if (at >= 0) wanted.set(at + 1, name);
  }
  for (let at = typesAt; at + TYPE_BYTES <= typesEnd;) {
    const info = btf.readUInt32LE(at + 4);
    const kind = (info >>> 24) & 0x1f;
    const behind = BEHIND[kind];
    if (behind === undefined) return sizes;
    const name = kind === STRUCT ? wanted.get(btf.readUInt32LE(at)) : undefined;
    if (name !== undefined) sizes[name] = btf.readUInt32LE(at + 8);
    at += TYPE_BYTES + behind[0] + behind[1] * (info & 0xffff);
  }
  return sizes;
}
