import { expect, test } from "vitest";
import { Success } from "../../../src/client/http/success.js";

const failures = (success: string[] | undefined, ...statuses: number[]): (string | null)[] => {
  const by = new Success(success === undefined ? {} : { success });
  return statuses.map((status) => by.failure(status));
};

test("unless the scenario says more, 2xx and 3xx are success", () => {
  expect(failures(undefined, 101, 200, 204, 302, 399, 400, 503)).toEqual([
    "HTTP 101",
    null,
    null,
    null,
    null,
    "HTTP 400",
    "HTTP 503",
  ]);
});

test("a scenario names statuses, exact or by class, and no others count", () => {
  expect(failures(["404", "5xx"], 200, 404, 403, 500, 599)).toEqual(["HTTP 200", null, "HTTP 403", null, null]);
  expect(failures(["2xx"], 600, 999)).toEqual(["HTTP 600", "HTTP 999"]);
});
