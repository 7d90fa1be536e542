import { expect, test } from "vitest";
import { askedBy } from "../../src/viewers/guard.js";

const TOKEN = "00112233445566778899aabbccddeeff";
const TICKET = "ffeeddccbbaa99887766554433221100";
const at = { token: TOKEN, ticket: TICKET, port: 4321 };

function asked(url: string, headers: Record<string, string> = {}, method = "GET"): ReturnType<typeof askedBy> {
  return askedBy({ method, url, headers: { host: "127.0.0.1:4321", ...headers } }, at);
}

test("whoever has the token sees the page and its stream, at either name of this machine", () => {
  expect(asked(`/${TOKEN}/`)).toBe("page");
  expect(asked(`/${TOKEN}/s`)).toBe("stream");
  expect(asked(`/${TOKEN}/`, { host: "localhost:4321" })).toBe("page");
  expect(asked(`/${TOKEN}/s?12`)).toBe("stream");
  expect(asked(`/${TOKEN}/s`, { origin: "http://127.0.0.1:4321", "sec-fetch-site": "same-origin" })).toBe("stream");
  expect(asked(`/${TOKEN}/`, { "sec-fetch-site": "none" }, "HEAD")).toBe("page");
});

test("a ticket shows in, and is no token", () => {
  expect(asked(`/${TICKET}`)).toBe("ticket");
  expect(asked(`/${TICKET}`, {}, "HEAD")).toBe(405);
  expect(asked(`/${TICKET}`, { "sec-fetch-site": "cross-site" })).toBe(403);
  for (const path of [`/${TICKET}/`, `/${TICKET}/s`, `/${TICKET}/do`, `/${TICKET}?x`]) expect(asked(path)).toBe(404);
  const used = { ...at, ticket: null };
  expect(askedBy({ method: "GET", url: `/${TICKET}`, headers: { host: "127.0.0.1:4321" } }, used)).toBe(404);
  expect(askedBy({ method: "GET", url: "/", headers: { host: "127.0.0.1:4321" } }, used)).toBe(404);
});

test.each([
  ["a name that was made to point here", { host: "attacker.example:4321" }],
  ["another port", { host: "127.0.0.1:80" }],
  ["no host", { host: "" }],
  ["a page of another site", { "sec-fetch-site": "cross-site" }],
  ["a page of another port of this machine", { "sec-fetch-site": "same-site" }],
  ["a script of another site", { origin: "https://attacker.example" }],
  ["a page in a sandbox", { origin: "null" }],
])("%s is refused, with the right token too", (_, headers) => {
  expect(asked(`/${TOKEN}/s`, headers)).toBe(403);
});

test("of a wrong token no more is said than of any path that there is not", () => {
  const wrong = TOKEN.replace("0", "1");
  for (const path of [
    "/",
    "",
    `/${wrong}/`,
    `/${wrong}/s`,
    `/${TOKEN}`,
    `/${TOKEN}/s/`,
    `/${TOKEN}/x`,
    `/${TOKEN}/s?x`,
    "//",
  ])
    expect([path, asked(path)]).toEqual([path, 404]);
  expect(asked(`/${TOKEN}/`, {}, "POST")).toBe(405);
  expect(asked(`/${TOKEN}/`, {}, "OPTIONS")).toBe(405);
});

test("a page of ours may type for the teacher, and nobody else", () => {
  const ours = { origin: "http://127.0.0.1:4321" };
  expect(asked(`/${TOKEN}/do`, ours, "POST")).toBe("do");
  expect(asked(`/${TOKEN}/do`, {}, "POST")).toBe(403);
  expect(asked(`/${TOKEN}/do`, { origin: "http://127.0.0.1:80" }, "POST")).toBe(403);
  expect(asked(`/${TOKEN}/do`, { ...ours, "sec-fetch-site": "cross-site" }, "POST")).toBe(403);
  expect(asked(`/${TOKEN.replace("0", "1")}/do`, ours, "POST")).toBe(404);
  expect(asked(`/${TOKEN}/do`, ours)).toBe(405);
  expect(asked(`/${TOKEN}/s`, ours, "POST")).toBe(405);
});
