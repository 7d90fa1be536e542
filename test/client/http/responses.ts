import fc from "fast-check";

/** A valid response, with what it says. */
export interface Response {
  text: string;
  toHead: boolean;
  status: number;
  keepAlive: boolean;
  /** Without the framing of chunks. */
  bodyBytes: number;
  /** Only the end of the stream ends it. */
  untilClose: boolean;
}

type Framing = "length" | "chunked" | "until-close";

const TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

function letters(from: string, constraints: fc.StringConstraints): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: fc.constantFrom(...Array.from(from)) });
}

/** An octet of each kind that may stand in a field value; it neither begins nor ends with space. */
const value = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map(latin1), maxLength: 30 })
  .map((text) => text.replaceAll("\x7f", "\t").trim());
const space = letters(" \t", { maxLength: 3 });
const latin1Body = fc.string({ unit: fc.integer({ min: 0, max: 0xff }).map(latin1), maxLength: 60 });

/** Names that begin like those that mean something, and others. */
const otherName = fc
  .oneof(
    fc.constantFrom("Content-Type", "Content-Lengths", "Content-Lengt", "Connectio", "Connections", "Transfer-Encodin"),
    fc.constantFrom("Date", "Server", "Set-Cookie", "c", "t", "X-Content-Length", "Content_Length"),
    letters(TOKEN, { minLength: 1, maxLength: 20 }),
  )
  .filter(
    (name) => !/^(?:content-length|connection|transfer-encoding|keep-alive|upgrade|proxy-connection)$/iu.test(name),
  );

const otherField = fc.tuple(otherName, space, value, space).map(([name, before, text, after]) => {
  return `${name}:${before}${text}${after}\r\n`;
});
const otherFields = fc.array(otherField, { maxLength: 5 });

/** The same word in any mixture of cases. */
function anyCase(word: string): fc.Arbitrary<string> {
  return fc.infiniteStream(fc.boolean()).map((upper) => {
    return Array.from(word, (letter) => (upper.next().value ? letter.toUpperCase() : letter.toLowerCase())).join("");
  });
}

function field(name: string, text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(anyCase(name), space, text, space)
    .map(([anyName, before, anyText, after]) => `${anyName}:${before}${anyText}${after}\r\n`);
}

const token = letters(TOKEN, { minLength: 1, maxLength: 10 });
const quoted = letters(`${TOKEN} ,;=\t`, { maxLength: 10 }).map((text) => `"${text}"`);
const extension = fc
  .array(fc.tuple(token, fc.oneof(fc.constant(null), token, quoted)), { maxLength: 2 })
  .map((all) => all.map(([name, text]) => (text === null ? `;${name}` : `;${name}=${text}`)).join(""));
const chunk = fc
  .tuple(letters("0", { maxLength: 3 }), latin1Body, extension)
  .filter(([, data]) => data.length > 0)
  .chain(([zeros, data, more]) =>
    anyCase(data.length.toString(16)).map((size) => ({ data, text: `${zeros}${size}${more}\r\n${data}\r\n` })),
  );
const chunkedBody = fc
  .tuple(fc.array(chunk, { maxLength: 4 }), letters("0", { minLength: 1, maxLength: 4 }), extension, otherFields)
  .map(([chunks, last, more, trailers]) => ({
    bodyBytes: chunks.reduce((total, { data }) => total + data.length, 0),
    body: `${chunks.map(({ text }) => text).join("")}${last}${more}\r\n${trailers.join("")}\r\n`,
  }));

/** What stands after the head, and the field that announces it. */
function framed(framing: Framing): fc.Arbitrary<{ fields: string[]; body: string; bodyBytes: number }> {
  switch (framing) {
    case "length":
      return fc.tuple(latin1Body, fc.nat({ max: 3 })).chain(([body, zeros]) =>
        field("content-length", fc.constant("0".repeat(zeros) + String(body.length))).map((length) => ({
          fields: [length],
          body,
          bodyBytes: body.length,
        })),
      );
    case "chunked":
      return fc
        .tuple(chunkedBody, field("transfer-encoding", anyCase("chunked")))
        .map(([{ body, bodyBytes }, coding]) => ({ fields: [coding], body, bodyBytes }));
    case "until-close":
      return latin1Body.map((body) => ({ fields: [], body, bodyBytes: body.length }));
  }
}

/** Everything that a server may say of the connection. */
const connection = fc.constantFrom(null, "close", "keep-alive", "x, close", "keep-alive,x", "x", "closed");

const interim = fc
  .tuple(fc.constantFrom(100, 102, 103, 199), otherFields)
  .map(([status, fields]) => `HTTP/1.1 ${status} Wait\r\n${fields.join("")}\r\n`);

/** A status whose response may have a body. */
const withBody = fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304);

const head = fc.record({
  interims: fc.array(interim, { maxLength: 2 }),
  minor: fc.constantFrom(0, 1),
  status: fc.oneof(withBody, fc.constantFrom(200, 204, 304)),
  reason: value,
  others: otherFields,
  toHead: fc.boolean(),
  says: connection.chain((text) => {
    return text === null ? fc.constant(null) : field("connection", anyCase(text)).map((line) => ({ text, line }));
  }),
});

/** Valid responses of every kind; each part of what they say is known without a parser. */
export const response: fc.Arbitrary<Response> = fc
  .tuple(head, fc.constantFrom<Framing>("length", "chunked", "until-close"))
  .chain(([top, framing]) => fc.tuple(fc.constant(top), fc.constant(framing), framed(framing), fc.nat()))
  .map(([top, framing, { fields, body, bodyBytes }, order]) => {
    const { status, toHead, minor, says } = top;
    const bodiless = toHead || status === 204 || status === 304;
    const all = [...fields, ...(says === null ? [] : [says.line])];
    const at = order % (top.others.length + 1);
    const lines = [...top.others.slice(0, at), ...all, ...top.others.slice(at)];
    const start = `HTTP/1.${minor} ${status} ${top.reason}\r\n`;
    const asked = says?.text.split(",").map((word) => word.trim()) ?? [];
    const persistent =
      !asked.includes("close") && (minor === 1 || (asked.includes("keep-alive") && framing !== "chunked"));
    return {
      text: `${top.interims.join("")}${start}${lines.join("")}\r\n${bodiless ? "" : body}`,
      toHead,
      status,
      keepAlive: persistent && (bodiless || framing !== "until-close"),
      bodyBytes: bodiless ? 0 : bodyBytes,
      untilClose: !bodiless && framing === "until-close",
    };
  });

type Damage = "change" | "cut" | "insert" | "double";

/** What a wire, or a server, can do to a text: octets changed, left out, put in, or moved. */
export const damage: fc.Arbitrary<(text: string) => string> = fc
  .array(
    fc.tuple(
      fc.constantFrom<Damage>("change", "cut", "insert", "double"),
      fc.nat(),
      fc.oneof(fc.constantFrom("\r", "\n", "\0", " ", ":", ";", ",", "0"), fc.nat({ max: 255 }).map(latin1)),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map(
    (changes) => (text: string) =>
      changes.reduce((now, [kind, place, octet]) => {
        const at = place % (now.length + 1);
        const before = now.slice(0, at);
        switch (kind) {
          case "change":
            return before + octet + now.slice(at + 1);
          case "cut":
            return before + now.slice(at + 1 + (place % 7));
          case "insert":
            return before + octet + now.slice(at);
          case "double":
            return before + now.slice(Math.max(0, at - 5));
        }
      }, text),
  );

function latin1(code: number): string {
  return String.fromCharCode(code);
}
