import { expect, test } from "vitest";
import { portsForward } from "../../src/lab/inside/bridge-ports.js";

/** What of `ip -json -details link show` matters, of a bridge whose port's other end is down, and then up. */
const port = (operstate: string, state: string): object => ({
  ifname: "port0",
  operstate,
  linkinfo: { info_kind: "veth", info_slave_kind: "bridge", info_slave_data: { state } },
});
const bridge = (operstate: string): object => ({ ifname: "lan", operstate, linkinfo: { info_kind: "bridge" } });
const loopback = { ifname: "lo", operstate: "DOWN" };

test.each([
  ["the other end is down", [bridge("DOWN"), port("LOWERLAYERDOWN", "disabled")], false],
  ["the cable is in, and the bridge has not noticed yet", [bridge("DOWN"), port("UP", "disabled")], false],
  ["one port of two forwards", [bridge("UP"), port("UP", "forwarding"), port("UP", "disabled")], false],
  ["a port forwards, and the bridge is not up yet", [bridge("DOWN"), port("UP", "forwarding")], false],
  ["all ports forward", [bridge("UP"), port("UP", "forwarding"), port("UP", "forwarding")], true],
  ["there is no bridge", [{ ifname: "eth0", operstate: "DOWN", linkinfo: { info_kind: "veth" } }], true],
])("when %s", (_, links, forward) => {
  expect(portsForward(JSON.stringify([loopback, ...links]))).toBe(forward);
});
