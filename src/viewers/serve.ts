import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LiveModel } from "../live/model.js";
import { shownOf } from "../live/shown.js";
import type { RunEvent } from "../events/types.js";
import type { LessonView } from "../lessons/view-types.js";
import { LivePage, type PageInput, reportView } from "../page/live.js";
import type { PageState } from "../page/live/messages.js";
import { inLanguage, type Language } from "../text/language.js";
import { Channel } from "./channel.js";
import { askedBy } from "./guard.js";
import { isOurOwn } from "./peer.js";

/** Five times a second: as often as an eye wants to know, and cheap beside what is measured. */
const EVERY_MS = 200;
const KEEP_ALIVE_MS = 15_000;
/** A browser opens six connections to one host. */
const MOST_VIEWERS = 24;
/** Whoever on this machine opens connections without end must not take the files that the run needs. */
const MOST_CONNECTIONS = 6 * MOST_VIEWERS;
/** What asks slowly is no browser. */
const IMPATIENT = {
  maxHeaderSize: 8_192,
  keepAliveTimeout: 1_000,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
};
/** How long viewers get to take the report over; little after Ctrl-C. */
const LAST_WORD_MS = 3_000;
const HURRIED_MS = 400;
/** So long after it was opened a browser may still come. */
const BROWSER_MS = 5_000;

export interface Viewing {
  /** Where it is to be seen: `http://127.0.0.1:40123/5f…/` */
  address: string;
  /** To be subscribed to the events of the runs. */
  heard(event: RunEvent): void;
  /** Resolves when somebody looks. */
  seen: Promise<void>;
  /** What is shown of a lesson; a run of its own begins with it where `fresh`. */
  teach(view: LessonView, fresh: boolean): void;
  /**
   * Where a browser is to be sent that is opened now; a run that ends before it comes waits for it. Command lines can be read by
   * every user of the machine: the token is not in it, it shows one in, and no other user.
   */
  addressForBrowser(): string;
  /** The last that is shown: the report, or why there is none. Resolves when it is there, and nothing is served any more. */
  end(last: { report: PageInput } | { said: string }, hurried: boolean): Promise<void>;
}

/**
 * A page on 127.0.0.1 that follows runs, at a free port, for whoever is told its address.
 * @param typed hears what is done on the page, as a line that could be typed; null: nothing can be done there
 */
export async function serveLive(language: Language, typed: ((line: string) => void) | null = null): Promise<Viewing> {
  let model = new LiveModel();
  let lesson: LessonView | null = null;
  /** The step of the lesson whose run the model hears of. */
  let ran = "";
  const page = new LivePage();
  const stateNow = (): PageState => inLanguage(language, () => ({ ...shownOf(model.state), lesson }));
  const channel = new Channel(stateNow());
  const token = newKey();
  let ticket: string | null = null;
  let saw = (): void => {};
  const seen = new Promise<void>((resolve) => (saw = resolve));
  // Until then a viewer may come: a page asks for its stream after it was read.
  let expectedUntilMs = 0;
  let came = (): void => {};
  let port = 0;

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const asked = askedBy(request, { token, ticket, port });
    if (typeof asked === "number") return endWith(response, asked);
    if (asked === "ticket") {
      if (isOurOwn(request.socket) === false) return endWith(response, 404);
      ticket = null;
      response.setHeader("cache-control", "no-store");
      response.setHeader("location", `/${token}/`);
      return endWith(response, 303);
    }
    if (asked === "do") return typed === null ? endWith(response, 404) : hearLine(request, response, typed);
    if (asked === "stream" && channel.viewers >= MOST_VIEWERS) return endWith(response, 503);
    response.setHeader("cache-control", "no-store");
    channel.tell(stateNow());
    if (asked === "page") {
      response.setHeader("content-security-policy", page.policy);
      response.setHeader("content-type", "text/html; charset=utf-8");
      if (request.method === "HEAD") return void response.end();
      expectedUntilMs = performance.now() + LAST_WORD_MS;
      return void response.end(page.render({ state: stateNow(), id: channel.id }, language));
    }
    response.setHeader("content-type", "text/event-stream");
    if (request.method === "HEAD") return void response.end();
    // A browser that lost the stream says what it has heard; a page that was just opened, what it came with.
    const lastId = request.headers["last-event-id"] ?? request.url?.split("?")[1];
    channel.add(response, typeof lastId === "string" ? lastId : undefined);
    expectedUntilMs = 0;
    saw();
    came();
  };
  const server = createServer(IMPATIENT, (request, response) => {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("referrer-policy", "no-referrer");
    response.setHeader("cross-origin-resource-policy", "same-origin");
    answer(request, response);
  });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, resolve);
  });
  ({ port } = server.address() as AddressInfo);
  server.on("error", () => {});

  // Without a viewer nothing is put together.
  const ticking = setInterval(() => {
    if (channel.viewers > 0) channel.tell(stateNow());
  }, EVERY_MS);
  const beating = setInterval(() => channel.keepAlive(), KEEP_ALIVE_MS);
  for (const timer of [ticking, beating]) timer.unref();

  return {
    address: `http://127.0.0.1:${port}/${token}/`,
    heard: (event) => model.heard(event),
    seen,
    teach(view, fresh) {
      if (fresh) {
        model = new LiveModel();
        ran = view.step;
      }
      // Who goes back to an earlier step does not see a later one's run there.
      lesson = view.step === ran ? view : { ...view, watch: [] };
      channel.tell(stateNow());
    },
    addressForBrowser() {
      expectedUntilMs = performance.now() + BROWSER_MS;
      ticket = newKey();
      return `http://127.0.0.1:${port}/${ticket}`;
    },
    async end(last, hurried) {
      const waitMs = Math.min(expectedUntilMs - performance.now(), hurried ? HURRIED_MS : BROWSER_MS);
      if (waitMs > 0) await Promise.race([new Promise<void>((resolve) => (came = resolve)), after(waitMs)]);
      clearInterval(ticking);
      clearInterval(beating);
      if (channel.viewers > 0) {
        channel.tell(stateNow());
        const told = channel.end("said" in last ? last : { view: inLanguage(language, () => reportView(last.report)) });
        await Promise.race([told, after(hurried ? HURRIED_MS : LAST_WORD_MS)]);
      }
      server.close();
      server.closeAllConnections();
    },
  };
}

function newKey(): string {
  return randomBytes(16).toString("hex");
}

/** No command is longer. */
const LONGEST_LINE = 1_000;

function hearLine(request: IncomingMessage, response: ServerResponse, typed: (line: string) => void): void {
  let text = "";
  request.setEncoding("utf8");
  request.on("error", () => {});
  request.on("data", (part: string) => {
    text += part;
    if (text.length > LONGEST_LINE) request.destroy();
  });
  request.on("end", () => {
    endWith(response, 204);
    typed(text);
  });
}

function endWith(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
