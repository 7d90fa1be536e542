import type { Link, Links } from "./types.js";

export interface NamedLink {
  from: string;
  /** `<host>`, or `<host>:<port>`. */
  to: string;
  link: Link;
}

/** Every link with its ends, the load's own first. */
export function namedLinks(links: Links | null | undefined): NamedLink[] {
  return Object.entries(links ?? {}).flatMap(([from, to]) =>
    Object.entries(to).map(([name, link]) => ({ from, to: name, link })),
  );
}
