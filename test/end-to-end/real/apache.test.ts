import { expect, test } from "vitest";
import { APACHE, runServices } from "../../support/services.js";
import { skipUnlessInstalled } from "../../support/skip.js";

/** MaxKeepAliveRequests of Debian's apache2.conf is 100, and the first request is not counted (core_request_rec.keepalives). */
const ON_EACH = 101;
const CONNECTIONS = 3;

test("Apache, as Debian configures it, closes each connection after 101 requests, and says so in the last answer", async (context) => {
  skipUnlessInstalled(context, "apache2");
  const { result } = await runServices([], {
    server: APACHE,
    load: { connections: 1, requests: CONNECTIONS * ON_EACH + 50 },
    variants: { only: {} },
  });
  const { connections, requests, timeWait, closeCauses } = result.variants["only"]!.median!;
  expect([requests.failed, connections.opened]).toEqual([0, CONNECTIONS + 1]);
  // After "Connection: close" both close: who is first, or whether both FINs cross, is not in our hands. The last one is
  // the client's, at the end.
  expect(timeWait!.server!.created + timeWait!.client.created).toBeGreaterThanOrEqual(CONNECTIONS + 1);
  expect(timeWait!.server!.created).toBeLessThanOrEqual(CONNECTIONS);
  expect(timeWait!.client.created).toBeGreaterThan(0);
  expect(closeCauses).toEqual({ answer: CONNECTIONS, "end-of-load": 1 });
  expect(result.findings).toContainEqual(
    expect.objectContaining({
      code: "closer-cause",
      text: "the server closes a connection after 101 requests: the last answer says Connection: close",
    }),
  );
});
