/** One thing that was tried. */
export interface Finding {
  name: string;
  /** `lacks`: something optional is not there. `fails`: the main job cannot be done as it should. */
  verdict: "works" | "lacks" | "fails";
  /** What was seen: a version, a figure, an error. */
  detail: string;
  /** How to mend it, one way a line; empty when it works. */
  hint: string;
}

export function works(name: string, detail: string): Finding {
  return { name, verdict: "works", detail, hint: "" };
}

export function lacks(name: string, detail: string, hint: string): Finding {
  return { name, verdict: "lacks", detail, hint };
}

export function fails(name: string, detail: string, hint: string): Finding {
  return { name, verdict: "fails", detail, hint };
}
