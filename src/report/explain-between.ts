import type { Metrics } from "../result/types.js";
import { count, plural } from "./numbers.js";
import type { VariantView } from "./view.js";

/** What stands between client and server changes what can be said of either. Null where nothing does. */
export function explainBetween({ plan }: VariantView, { connections, timeWait }: Metrics): string | null {
  const { topology, proxy, nat } = plan.lab;
  if (topology === "proxy" && proxy !== undefined && timeWait !== null) {
    const { client, server } = timeWait;
    return (
      `The client's ${plural(connections.opened, "connection")} ended at the proxy (${proxy.kind}), which has others to the server: ` +
      `${plural(client.created, "socket")} entered TIME_WAIT at the client, ${count(server.created)} at the server. ` +
      `What the proxy itself holds, towards both, is in neither: a step { do: read, on: proxy } tells.`
    );
  }
  if (topology === "nat" && nat !== undefined && nat.ports !== null) {
    const { low, high } = nat.ports;
    const ports = count(high - low + 1);
    return `The server sees every client as one address with ${ports} ports (${low}–${high}): it can hold ${ports} TIME_WAIT of them at most.`;
  }
  return null;
}

/** Whether the server sees the client's own address and ports, so that these cap what it holds. */
export function isDirect({ plan }: VariantView): boolean {
  return plan.lab.topology !== "proxy" && plan.lab.topology !== "nat";
}
