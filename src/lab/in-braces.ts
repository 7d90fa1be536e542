/** `{server}` in a command line stands for that host's address; what is in braces and no host's name stays as it is. */
export function withAddressesIn(command: string, addressOf: (name: string) => string | undefined): string {
  return command.replaceAll(/\{([a-z][a-z0-9-]*)\}/gu, (whole, name: string) => addressOf(name) ?? whole);
}
