/** Connections in what tcpdump prints of a capture (`tcpdump -nn -S -r`): who sent the first FIN, and who has TIME_WAIT. */

export interface Captured {
  from: string;
  to: string;
  /** Of the listener. */
  port: number;
  /** The number of the mark before its first SYN; null before the first. */
  mark: number | null;
  /** null where no FIN was sent. */
  firstFin: "from" | "to" | null;
  /** Ended by a RST before both sides had sent a FIN. */
  reset: boolean;
  /** Sent its FIN without having seen the other one: it enters TIME_WAIT, and both do when FINs cross (RFC 9293, 3.6). */
  timeWait: { from: boolean; to: boolean };
}

/** A datagram to this port or one after it is the mark with that number. */
export const MARK_PORT = 20_000;

type Side = "from" | "to";

interface Open extends Captured {
  isn: string;
  /** By a SYN-ACK: what was refused, or never answered, is no connection. */
  answered: boolean;
  fins: { side: Side; acknowledges: number; isAcknowledgedBy: number }[];
}

const SEGMENT =
  /IP (\S+)\.(\d+) > (\S+)\.(\d+): Flags \[([^\]]*)\](?:, cksum [^,]*)?(?:, seq (\d+)(?::(\d+))?)?(?:, ack (\d+))?/u;
const MARK = /IP \S+ > 127\.0\.0\.1\.(\d+): UDP/u;

export function connectionsIn(text: string): Captured[] {
  const all: Open[] = [];
  const latest = new Map<string, Open>();
  let mark: number | null = null;
  for (const line of text.split("\n")) {
    const [, marked] = MARK.exec(line) ?? [];
    if (marked !== undefined) mark = Number(marked) - MARK_PORT;
    const [, source, sourcePort, target, targetPort, flags, seq, end, ack] = SEGMENT.exec(line) ?? [];
    if (flags === undefined) continue;
    const [there, back] = [
      `${source}.${sourcePort} ${target}.${targetPort}`,
      `${target}.${targetPort} ${source}.${sourcePort}`,
    ];
    if (flags === "S" && latest.get(there)?.isn !== seq) {
      const none = { firstFin: null, reset: false, timeWait: { from: false, to: false }, fins: [] };
      const open = { from: source!, to: target!, port: Number(targetPort), mark, isn: seq!, answered: false, ...none };
      all.push(open);
      latest.set(there, open);
    }
    const side = latest.has(there) ? "from" : "to";
    const connection = latest.get(there) ?? latest.get(back);
    if (connection === undefined) continue;
    if (flags === "S.") connection.answered = true;
    if (flags.includes("R")) connection.reset ||= connection.fins.length < 2;
    if (flags.includes("F")) finished(connection, side, Number(ack), (Number(end ?? seq) + 1) % 2 ** 32);
  }
  return all
    .filter(({ answered }) => answered)
    .map(({ isn: _isn, answered: _answered, fins: _fins, ...captured }) => captured);
}

/** The first FIN of this side; one that is sent again tells nothing new. */
function finished(connection: Open, side: Side, acknowledges: number, isAcknowledgedBy: number): void {
  const { fins, timeWait } = connection;
  if (connection.reset || fins.some((fin) => fin.side === side)) return;
  connection.firstFin ??= side;
  fins.push({ side, acknowledges, isAcknowledgedBy });
  const [first, second] = fins;
  if (first === undefined || second === undefined) return;
  timeWait[first.side] = true;
  timeWait[second.side] = second.acknowledges !== first.isAcknowledgedBy;
}
