import type { LoadReport } from "../client/types.js";

/** What the client counted; null where it is a program: nobody sees its requests but itself and the server. */
export function requestsIn({ requests, program }: LoadReport): LoadReport["requests"] | null {
  return program === undefined ? requests : null;
}
