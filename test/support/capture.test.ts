import { expect, test } from "vitest";
import { connectionsIn } from "./capture.js";

const [CLIENT, SERVER] = ["198.19.0.1.40000", "198.18.0.1.8080"];
const SYN = `1.0 IP ${CLIENT} > ${SERVER}: Flags [S], seq 100, win 64240, options [mss 1460], length 0`;
const sent = (by: "client" | "server", flags: string, rest: string): string =>
  `1.1 IP ${by === "client" ? `${CLIENT} > ${SERVER}` : `${SERVER} > ${CLIENT}`}: Flags [${flags}], ${rest}, win 63, length 0`;
const only = (...lines: string[]) =>
  connectionsIn([SYN, SYN, sent("server", "S.", "seq 500, ack 101"), ...lines].join("\n"));

test("who sends the first FIN is in TIME_WAIT; a FIN that is sent again, and one with data, change nothing", () => {
  const first = sent("server", "FP.", "seq 501:511, ack 101");
  expect(only(first, first, sent("client", "F.", "seq 101, ack 512"))).toEqual([
    {
      from: "198.19.0.1",
      to: "198.18.0.1",
      port: 8080,
      mark: null,
      firstFin: "to",
      reset: false,
      timeWait: { from: false, to: true },
    },
  ]);
});

test("FINs that cross leave TIME_WAIT at both ends", () => {
  expect(only(sent("client", "F.", "seq 101, ack 501"), sent("server", "F.", "seq 501, ack 101"))).toMatchObject([
    { firstFin: "from", timeWait: { from: true, to: true } },
  ]);
});

test("a reset before the second FIN leaves none, one after it changes nothing", () => {
  const [fin, other] = [sent("client", "F.", "seq 101, ack 501"), sent("server", "F.", "seq 501, ack 102")];
  const reset = sent("server", "R.", "seq 501, ack 102");
  const none = { reset: true, timeWait: { from: false, to: false } };
  expect(only(reset)).toMatchObject([{ firstFin: null, ...none }]);
  expect(only(fin, reset)).toMatchObject([{ firstFin: "from", ...none }]);
  expect(only(fin, other, reset)).toMatchObject([{ reset: false, timeWait: { from: true, to: false } }]);
});

test("a SYN with another number is another connection, and belongs to the mark before it", () => {
  const datagram = "2.0 IP 127.0.0.1.5 > 127.0.0.1.20003: UDP, length 1";
  const again = [datagram, SYN.replace("seq 100", "seq 900")];
  const answer = sent("server", "S.", "seq 500, ack 901");
  expect(only(...again, answer).map(({ mark }) => mark)).toEqual([null, 3]);
  // One that is refused, or that nobody answers, is none.
  expect(only(...again)).toHaveLength(1);
  expect(only(...again, sent("server", "R.", "seq 0, ack 901"))).toHaveLength(1);
});
