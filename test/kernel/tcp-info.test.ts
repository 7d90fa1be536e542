import { expect, test } from "vitest";
import { parseTcpInfo } from "../../src/kernel/tcp-info.js";

/** What Linux 2.6 knew: up to tcpi_total_retrans. */
const OLD_BYTES = 104;

function info(bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.set([4, 0, 2, 1, 3, 0b10_0001]);
  buffer.writeUInt32LE(204_000, 8);
  buffer.writeUInt32LE(7, 100);
  if (bytes >= 208) buffer.writeBigUInt64LE(5_000_000_000n, 200);
  return buffer;
}

test("reads the fields where they lie", () => {
  expect(parseTcpInfo(info(248))).toMatchObject({
    state: 4,
    retransmits: 2,
    probes: 1,
    backoff: 3,
    timestamps: 1,
    sack: 0,
    synData: 1,
    rtoUs: 204_000,
    totalRetrans: 7,
    bytesSent: 5_000_000_000,
  });
});

test("says null of what an older kernel does not tell, also where a field is cut off", () => {
  expect(parseTcpInfo(info(OLD_BYTES))).toMatchObject({
    totalRetrans: 7,
    segsOut: null,
    bytesSent: null,
    rcvWnd: null,
  });
  expect(parseTcpInfo(info(206))).toMatchObject({ segsOut: 0, bytesSent: null });
});
