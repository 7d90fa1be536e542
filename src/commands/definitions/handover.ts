import type { Definition } from "../definition.js";
import { FIELD_OPTIONS } from "../run-options.js";

/** Commands that hand a scenario over to another engine, and take its results back. */

export const EXPORT = {
  name: "export",
  usage: ["k6 <scenario> [options]"],
  does: "a scenario as a script for k6, and for k6-operator",
  about: [
    "Writes a k6 script for each variant, and a manifest for k6-operator: a ConfigMap and a TestRun each, with bench watch as a native sidecar in the pods whose ports run out. The head of each script says what is different from the scenario; what cannot be said in k6 is refused.",
  ],
  takes: "scenarios",
  options: {
    output: { type: "string", short: "o", value: "FOLDER", does: "where to write; else k6/<scenario>" },
    url: { type: "string", value: "URL", default: "http://server:8080", does: "where the pods find the service" },
    pods: { type: "string", value: "N", default: "1", does: "pods that share out the connections (parallelism)" },
    image: { type: "string", value: "IMAGE", does: "an image with bench in it, for the sidecar" },
    ...FIELD_OPTIONS,
  },
} as const satisfies Definition;

export const IMPORT = {
  name: "import",
  usage: ["<recording…> [options]"],
  does: "recordings of several pods, and k6's summaries, as one result",
  about: [
    "Gathers what bench watch --record wrote in several namespaces into one result, a host each, for bench report and compare: links between two that were watched are held against both kernels. With --k6 also what k6 says of it.",
  ],
  options: {
    k6: { type: "string", value: "FILE", multiple: true, does: "what k6 printed in one of them; may be given again" },
    scenario: {
      type: "string",
      value: "SCENARIO",
      does: "the one that was exported; else one is made of what was seen",
    },
    variant: { type: "string", value: "NAME", does: "which of its variants" },
    output: { type: "string", short: "o", value: "FILE", default: "imported.json", does: "the result" },
  },
} as const satisfies Definition;
