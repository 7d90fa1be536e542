import { posix } from "node:path";
import { type Import, importsOf } from "./imports.js";
import { POWER_OF_MODULE, ROOMS, type Room, type RoomName } from "./rooms.js";

export interface SourceFile {
  /** From the project's root: `src/lab/open.ts`. */
  path: string;
  text: string;
}

const MAP = "(the map of rooms is test/architecture/rooms.ts)";

/** What a file does against the map of rooms, each with what to do about it. */
export function violationsOf(file: SourceFile): string[] {
  const name = roomOf(file.path);
  if (name === null) {
    return [`${file.path}: lies in no room. Move it into one that exists, or add the room to the map ${MAP}.`];
  }
  return importsOf(file.text).flatMap((found) => {
    const reason = found.specifier.startsWith(".") ? ownCode(file.path, name, found) : outside(name, found);
    return reason === null ? [] : [`${file.path}:${found.line}: ${reason}`];
  });
}

/** The most particular room that holds the file; null when it lies in none. */
export function roomOf(path: string): RoomName | null {
  const inSrc = path.replace(/^src\//u, "");
  const holders = roomNames().filter((room) => inSrc === room || inSrc.startsWith(`${room}/`));
  return holders.toSorted((a, b) => b.length - a.length)[0] ?? null;
}

export function roomNames(): RoomName[] {
  return Object.keys(ROOMS) as RoomName[];
}

function ownCode(path: string, from: RoomName, found: Import): string | null {
  const target = posix.join(posix.dirname(path), found.specifier).replace(/\.js$/u, ".ts");
  const to = roomOf(target);
  if (to === null) return `"${found.specifier}" lies in no room. Import from a room of src/ ${MAP}.`;
  if (to === from) return null;
  const room: Room = ROOMS[from];
  if (room.code.includes(to)) return null;
  const shapeOnly = found.typeOnly || posix.basename(target) === "types.ts";
  if (!room.shapes.includes(to)) {
    return `${from} must not know ${to}. Take what it needs as a parameter, or do this work in a room that sees both ${MAP}.`;
  }
  return shapeOnly
    ? null
    : `${from} may know the shapes of ${to} but not run its code. Write "import type", or let bench.ts or a command do the call ${MAP}.`;
}

function outside(from: RoomName, found: Import): string | null {
  const power = POWER_OF_MODULE[found.specifier];
  const room: Room = ROOMS[from];
  if (power === undefined || found.typeOnly || room.powers.includes(power)) return null;
  return `${from} must not touch ${power} ("${found.specifier}"). Take the text or a function as a parameter ${MAP}.`;
}
