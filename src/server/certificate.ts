import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

/**
 * A certificate that signs itself: whoever trusts it trusts this server and nobody else. Node
 * can read X.509 and cannot write it; this one form of it is a few lines of DER, and libraries for all of them are
 * hundreds of kilobytes. RFC 5280; tags by ITU-T X.690.
 */
export interface Identity {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8. */
  key: string;
}

const DAY_MS = 86_400_000;
/** A clock in a virtual machine may be behind; and no run lasts longer than that. */
const VALID_MS = { before: DAY_MS, after: 30 * DAY_MS };

const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";
const SUBJECT_ALT_NAME = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";
/** The context's own tags of a general name (RFC 5280 section 4.2.1.6). */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** @param names names and addresses that the server is called by; at least one */
export function makeIdentity(names: readonly string[], now = Date.now()): Identity {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const subject = sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from("time-wait-bench")))));
  const extensions = sequence(
    // No authority: some refuse a server that shows the certificate of one (rustls-webpki, CaUsedAsEndEntity).
    extension(BASIC_CONSTRAINTS, sequence()),
    extension(SUBJECT_ALT_NAME, sequence(...names.map(generalName))),
  );
  const signed = sequence(
    // Version 3; without extensions it would be 1.
    der(0xa0, der(0x02, Buffer.of(2))),
    // Positive, and of its full length.
    der(0x02, Buffer.concat([Buffer.of(0x40), randomBytes(15)])),
    algorithm,
    subject,
    sequence(time(now - VALID_MS.before), time(now + VALID_MS.after)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const signature = sign("sha256", signed, privateKey);
  const whole = sequence(signed, algorithm, der(0x03, Buffer.concat([Buffer.of(0), signature])));
  const lines = whole.toString("base64").match(/.{1,64}/gu)!;
  return {
    certificate: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** A tag, how long it is, and what it holds. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.of(tag, 0x80 | bytes.length), bytes, content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

/** The first two numbers share a byte; of the others each byte but the last has its highest bit set. */
function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  const inSevens = (number: number): number[] => {
    const bytes = [number & 0x7f];
    for (let rest = number >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
    return bytes;
  };
  return der(0x06, Buffer.from([40 * first + second, ...others.flatMap(inSevens)]));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), der(0x04, value));
}

/** UTCTime, until 2049. */
function time(ms: number): Buffer {
  const digits = new Date(ms)
    .toISOString()
    .replaceAll(/[-:T]|\.\d+/gu, "")
    .slice(2);
  return der(0x17, Buffer.from(digits));
}

function generalName(name: string): Buffer {
  switch (isIP(name)) {
    case 4:
      return der(IP_ADDRESS, Buffer.from(name.split(".").map(Number)));
    case 6:
      return der(IP_ADDRESS, bytesOfIPv6(name));
    default:
      return der(DNS_NAME, Buffer.from(name));
  }
}

/** As URL writes it there are neither zones nor dots in it, and at most one `::`. */
function bytesOfIPv6(address: string): Buffer {
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (text = ""): string[] => text.split(":").filter((group) => group !== "");
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  const all = [...before, ...zeros, ...after].map((group) => group.padStart(4, "0"));
  return Buffer.from(all.join(""), "hex");
}
