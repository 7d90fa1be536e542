/**
 * Placeholders of a command line and of its environment: a name in braces, `{host}`, `{port}`, `{server}`. What a `$`
 * stands before belongs to the shell: `${host}` and `$host` are its variables. Of unknown names the text stays as it is.
 */
const PLACEHOLDER = /(?<!\$)\{([a-z][a-z0-9-]*)\}/gu;

export function filled(text: string, valueOf: (name: string) => string | undefined): string {
  return text.replaceAll(PLACEHOLDER, (whole, name: string, at: number) => {
    const value = valueOf(name);
    // A port behind an IPv6 address is told from it by brackets (RFC 3986, section 3.2.2).
    const isBeforePort = text.charAt(at + whole.length) === ":" && text.charAt(at - 1) !== "[";
    return value?.includes(":") === true && isBeforePort ? `[${value}]` : (value ?? whole);
  });
}

/** Of a command line with its environment. */
export function filledCommand<Line extends { command: string; env: Record<string, string> }>(
  line: Line,
  valueOf: (name: string) => string | undefined,
): Line {
  const env = Object.entries(line.env).map(([name, text]) => [name, filled(text, valueOf)] as const);
  return { ...line, command: filled(line.command, valueOf), env: Object.fromEntries(env) };
}

/** Whether a command line or its environment is told this. */
export function isTold({ command, env }: { command: string; env: Record<string, string> }, name: string): boolean {
  return [command, ...Object.values(env)].some(
    (text) => filled(text, (found) => (found === name ? "" : undefined)) !== text,
  );
}
