/** Text as it is, whatever of it would be markup: pipes end no cell, angle brackets open no tag. */
export function escaped(text: string): string {
  return (
    text
      .replaceAll(/[\\`*{}[\]|~#$@]/gu, String.raw`\$&`)
      // An underscore inside a word is no markup in GitHub's Markdown, and TIME_WAIT reads better without.
      .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
  );
}
