import type { Ability, Tool, ToolPlan } from "./types.js";

/** When a plan asks for it, and what is said of a tool that cannot. */
const ABILITIES: Readonly<Record<Ability, { isAsked: (plan: ToolPlan) => boolean; lack: string }>> = {
  think: {
    isAsked: ({ pauses }) => pauses !== undefined && pauses.batch === null,
    lack: "cannot pause between two requests",
  },
  batch: {
    isAsked: ({ pauses }) => pauses !== undefined && pauses.batch !== null,
    lack: "cannot make its requests in batches",
  },
  headers: {
    isAsked: ({ request }) => Object.keys(request?.headers ?? {}).length > 0,
    lack: "cannot be told header fields",
  },
  method: { isAsked: ({ request }) => (request?.method ?? "GET") !== "GET", lack: "makes GET requests alone" },
  body: { isAsked: ({ request }) => has(request, "text"), lack: "takes no body but from a file (load.bodyFile)" },
  bodyFile: { isAsked: ({ request }) => has(request, "file"), lack: "cannot send a file" },
  verify: { isAsked: ({ tls }) => tls === "verify", lack: "checks no certificate (load.tls: insecure)" },
  paths: { isAsked: ({ request }) => (request?.paths.length ?? 1) > 1, lack: "requests one path alone" },
};

function has(request: ToolPlan["request"], as: "text" | "file"): boolean {
  return request !== undefined && request.body !== null && as in request.body;
}

/** What of the plan the tool cannot do: `cannot keep a rate`. null: nothing. */
export function cannotDo({ cannot, can = [] }: Pick<Tool, "cannot" | "can">, plan: ToolPlan): string | null {
  const lacks = Object.entries(ABILITIES).find(
    ([name, { isAsked }]) => isAsked(plan) && !can.includes(name as Ability),
  );
  return cannot(plan) ?? lacks?.[1].lack ?? null;
}
