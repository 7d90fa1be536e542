import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { makeIdentity } from "../../src/server/certificate.js";

const NAMES = ["server", "localhost", "127.0.0.1", "198.18.0.2", "2001:2::1", "::1"];

test("a certificate that others can read, of the names and addresses that it was asked for", () => {
  const { certificate, key } = makeIdentity(NAMES);
  const read = new X509Certificate(certificate);
  expect(read.subject).toBe("CN=time-wait-bench");
  expect(read.ca).toBe(false);
  expect(read.checkHost("server")).toBe("server");
  expect(read.checkHost("elsewhere")).toBeUndefined();
  expect(NAMES.slice(2).map((address) => read.checkIP(address))).toEqual(NAMES.slice(2));
  expect(read.checkIP("198.18.0.3")).toBeUndefined();
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(read.verify(read.publicKey)).toBe(true);
  const [from, to] = [Date.parse(read.validFrom), Date.parse(read.validTo)];
  expect(from).toBeLessThan(Date.now());
  expect(to).toBeGreaterThan(Date.now());
});

test("names of a thousand hosts have room in it", () => {
  const names = Array.from({ length: 1_000 }, (_, nth) => `host-${nth}`);
  const read = new X509Certificate(makeIdentity(names).certificate);
  expect([read.checkHost("host-0"), read.checkHost("host-999")]).toEqual(["host-0", "host-999"]);
});

test("who trusts it accepts its server, and no other", async () => {
  const [one, other] = [makeIdentity(["127.0.0.1"]), makeIdentity(["127.0.0.1"])];
  const server = createServer({ cert: one.certificate, key: one.key }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const handshake = async (ca: string): Promise<string> => {
    const socket = connect({ host: "127.0.0.1", port, ca });
    const said = await Promise.race([
      once(socket, "secureConnect").then(() => "secured"),
      new Promise<string>((resolve) => socket.on("error", (error) => resolve((error as NodeJS.ErrnoException).code!))),
    ]);
    socket.destroy();
    return said;
  };
  expect(await handshake(one.certificate)).toBe("secured");
  expect(await handshake(other.certificate)).not.toBe("secured");
});
