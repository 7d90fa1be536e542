import { z } from "zod/mini";
import * as rule from "../parts/rules.js";
import { defaulted } from "../parts/rules.js";
import { kind } from "./kind.js";
import * as shared from "./socket-common.js";
import { flag, options, optionsOf, wholeSecondsIn } from "./socket-options.js";

/** Steps that open sockets, or set the options of those that there are. */

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
const ADDRESS = new RegExp(String.raw`^(?:any|loopback|${OCTET}(?:\.${OCTET}){3}|[\da-fA-F:.]*:[\da-fA-F:.]*)$`);
const ADDRESS_RULE = "must be any, loopback or an IP address";
/** The pattern, which editors know too, takes any text of an IPv6 address's characters. */
const isAddress = (text: string): boolean => !text.includes(":") || URL.canParse(`http://[${text}]`);
const address = (help: string) =>
  defaulted(
    z.nullable(rule.matching(ADDRESS, ADDRESS_RULE).check(z.refine(isAddress, { error: ADDRESS_RULE }))),
    help,
    null,
  );
const AT = "`any`, `loopback` or an IP address";
const fastOpen = (help: string) => flag(`${help} (RFC 7413; net.ipv4.tcp_fastopen has to allow it).`);

export const OPENING_KINDS = {
  listen: kind({
    does: "Opens a socket that listens.",
    fields: {
      ...shared.common,
      ...options,
      address: address(`Where it listens: ${AT}. null: at its host's own address.`),
      port: shared.port(0).check(z.describe("The port that it listens on; 0: the kernel chooses.")),
      backlog: defaulted(rule.whole(0, 65_535), "The backlog of listen().", 128),
      deferAccept: defaulted(
        z.nullable(rule.wholeSeconds()),
        "TCP_DEFER_ACCEPT: how long accept() leaves a connection that has sent nothing. null: it does not.",
        null,
      ),
      watch: flag("Keeps what arrives, so that `segment` can go on where the accepted sockets ended."),
      fastOpen: fastOpen("TCP_FASTOPEN: takes data with a SYN, in a queue as long as the backlog"),
    },
    figures: { ...shared.FIGURES, failedCall: shared.FAILED_CALL, localPort: shared.LOCAL_PORT },
    sockets: { makes: "socket" },
    meant: (file) => ({
      ...shared.socketOf(file),
      ...optionsOf(file),
      deferAcceptSec: file.deferAccept === null ? null : wholeSecondsIn(file.deferAccept),
      fastOpen: file.fastOpen ? { queue: Math.max(1, file.backlog) } : null,
      address: file.address,
      port: file.port,
      backlog: file.backlog,
      watch: file.watch,
    }),
  }),
  bind: kind({
    does: "Calls bind() alone. A connect or listen on the same name goes on with that socket, also after bind() has failed.",
    fields: {
      ...shared.common,
      ...options,
      address: address(`The local address: ${AT}. null: its host's own.`),
      port: shared.port(0).check(z.describe("The local port; 0: the kernel chooses.")),
    },
    figures: { ...shared.FIGURES, localPort: shared.LOCAL_PORT },
    sockets: { makes: "socket" },
    meant: (file) => ({ ...shared.socketOf(file), ...optionsOf(file), address: file.address, port: file.port }),
  }),
  connect: kind({
    does: "Opens connections, all of them at once: `slowestMs` is one connect's own time, from its SYN to its outcome.",
    fields: {
      ...shared.common,
      ...options,
      to: shared.to,
      port: shared.port(1).check(z.describe("The port on that host.")),
      address: address(`The local address, by bind(): ${AT}. null: no bind(), unless \`from\` is given.`),
      from: defaulted(
        z.nullable(shared.port(0)),
        "The local port, by bind(); several take the next ones, 0 lets bind() choose. null: connect() chooses.",
        null,
      ),
      sockets: shared.sockets,
      fastOpen: fastOpen("TCP_FASTOPEN_CONNECT: once there is a cookie, the first send goes with the SYN"),
      watch: flag("Keeps what arrives for it, so that `segment` can go on where it ended."),
      pending: flag("Ends at once, with EINPROGRESS: `outcome` waits for the connection."),
    },
    figures: {
      ...shared.FIGURES,
      localPort: shared.LOCAL_PORT,
      failedCall: shared.FAILED_CALL,
      pending: "connects that have no outcome yet; 0 without `pending`",
    },
    sockets: { makes: "socket" },
    toElsewhere: ["silence", "loopback"],
    meant: (file, { report }) => {
      const { from, sockets: count } = file;
      if (typeof from === "number" && from > 0 && from + count - 1 > shared.HIGHEST_PORT)
        report(["from"], `${count} ports from ${from} on end beyond ${shared.HIGHEST_PORT}`, "begin lower");
      const { to: peer, port: itsPort, watch, pending, address: own } = file;
      const fast = file.fastOpen ? ("connect" as const) : null;
      const where = { to: peer, port: itsPort, address: own, from, count, watch, pending };
      return { ...shared.socketOf(file), ...optionsOf(file), fastOpen: fast, ...where };
    },
  }),
  options: kind({
    does: "Sets options of sockets that there are.",
    fields: { ...shared.common, ...options },
    figures: shared.FIGURES,
    sockets: shared.SOCKET,
    meant: (file) => ({ ...shared.socketOf(file), ...optionsOf(file) }),
  }),
};
