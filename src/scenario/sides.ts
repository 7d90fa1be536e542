import type { Override } from "./overrides.js";
import type { Phase } from "./phases/types.js";
import {
  type Expectation,
  FINDINGS,
  type HostPlan,
  type Scenario,
  type SideName,
  SIDES,
  type Sides,
  type Variant,
} from "./types.js";

/** Two sides of one run: the variants of both, in turns, so that what is compared is measured one after the other. */

/** Makes the server a command. Quoted, so that nothing in it is read as YAML. */
export function commandOverrides(side: SideName, command: string): Override[] {
  const option = `--${side} ${command}`;
  return [
    { path: "server.kind", value: "command", option },
    { path: "server.command", value: JSON.stringify(command), option },
  ];
}

/** `x` becomes `x-base` and `x-head`. Expectations are about head, which is to be taken in; gates about both. */
export function joinSides(of: Record<SideName, Scenario>, sides: Sides): Scenario {
  return {
    ...of.head,
    variants: of.base.variants.flatMap((_, index) => SIDES.map((side) => named(of[side].variants[index]!, side))),
    expect: of.head.expect.map(onHead),
    // Its rules speak of the variants by their own names, and of one server.
    claim: null,
    sides,
  };
}

/** The scenario of a revision: its commands run in the folders of the checkout that correspond to their own. */
export function inCheckout(scenario: Scenario, folderIn: (cwd: string) => string): Scenario {
  const moved = ({ server, lab, phases, ...variant }: Variant): Variant => ({
    ...variant,
    phases: stepsIn(phases, folderIn),
    server: server.kind === "command" ? { ...server, cwd: folderIn(server.cwd) } : server,
    lab: lab.hosts === undefined ? lab : { ...lab, hosts: programsIn(lab.hosts, folderIn) },
  });
  return { ...scenario, variants: scenario.variants.map(moved) };
}

function stepsIn(phases: readonly Phase[], folderIn: (cwd: string) => string): Phase[] {
  return phases.map((phase) => {
    if (phase.do === "command") return { ...phase, cwd: folderIn(phase.cwd) };
    return "phases" in phase ? { ...phase, phases: stepsIn(phase.phases, folderIn) } : phase;
  });
}

function programsIn(hosts: Record<string, HostPlan>, folderIn: (cwd: string) => string): Record<string, HostPlan> {
  const moved: Record<string, HostPlan> = {};
  for (const [name, { programs }] of Object.entries(hosts))
    moved[name] = { programs: programs.map((program) => Object.assign({}, program, { cwd: folderIn(program.cwd) })) };
  return moved;
}

function named(variant: Variant, side: SideName): Variant {
  return { ...variant, name: `${variant.name}-${side}` };
}

function onHead({ text: _text, variant, metric, op, right }: Expectation): Expectation {
  const moved = { variant: `${variant}-head`, metric, op };
  if (metric.startsWith(FINDINGS))
    return { ...moved, text: `${moved.variant} no ${metric.slice(FINDINGS.length)}`, right };
  const left = `${moved.variant}.${metric} ${op}`;
  switch (right.kind) {
    case "number":
    case "name":
      return { ...moved, text: `${left} ${right.value}`, right };
    case "metric": {
      const other = `${right.variant}-head`;
      const factor = right.factor === 1 ? "" : `${right.factor} * `;
      return { ...moved, text: `${left} ${factor}${other}.${right.metric}`, right: { ...right, variant: other } };
    }
  }
}
