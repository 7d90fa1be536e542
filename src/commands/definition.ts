/** A command as help, completion and the reading of its arguments see it. Light: what it runs is loaded when it runs. */
export interface Definition {
  name: string;
  /** What stands behind the name; one line for each way to call it. */
  usage: readonly string[];
  /** One line, for the overview. */
  does: string;
  /** Paragraphs, for its own help. */
  about: readonly string[];
  options: Readonly<Record<string, Option>>;
  /** What its exit codes mean, where that is not plain: `0 fine`, … */
  exits?: readonly string[];
  /** What its arguments are, so that a shell can complete them; files where it is left out. */
  takes?: "scenarios" | "commands" | "shells" | "clients" | "nothing";
}

export type Option = {
  /** One sentence or two, for help and completion. */
  does: string;
  short?: string;
} & (
  | { type: "boolean"; default: boolean }
  | {
      type: "string";
      /** What the value looks like: an example, or a name in capitals. */
      value: string;
      /** All values that it takes. */
      choices?: readonly string[];
      default?: string;
      multiple?: boolean;
    }
);

/** What `parse` makes of the options. */
export type Values<Options extends Definition["options"]> = {
  [Name in keyof Options]: Options[Name] extends { type: "boolean" }
    ? boolean
    : Options[Name] extends { multiple: true }
      ? string[] | undefined
      :
          | (Options[Name] extends { choices: readonly (infer Choice)[] } ? Choice : string)
          | (Options[Name] extends { default: string } ? never : undefined);
};
