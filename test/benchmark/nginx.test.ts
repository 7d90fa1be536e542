import { expect, test } from "vitest";
import { nginxConfiguration, parseStubStatus } from "./nginx.js";

test("nginx counts requests in its status", () => {
  const status =
    "Active connections: 2 \nserver accepts handled requests\n 18926 18926 18931 \nReading: 0 Writing: 1 Waiting: 0 \n";
  expect(parseStubStatus(status)).toBe(18_931);
});

test("a status that cannot be read is no count", () => {
  expect(() => parseStubStatus("<html>404 Not Found</html>")).toThrow(/cannot be read/u);
});

test("nginx has one worker, writes no log, and leaves keep-alive connections open", () => {
  const text = nginxConfiguration("/run/here", 8080);
  expect(text).toMatch(/^\s*worker_processes 1;$/mu);
  expect(text).toMatch(/^\s*access_log off;$/mu);
  expect(text).toMatch(/^\s*keepalive_requests \d{9,};$/mu);
  expect(text).toContain("listen 8080 ");
});
