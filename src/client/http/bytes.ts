/** Octets by name, and the classes of octets that RFC 9110 section 5 builds fields of, as tables of 256. */

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COMMA = 0x2c;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;

const DELETE = 0x7f;

/** For an octet of a token (RFC 9110 section 5.6.2) its lower case, else 0. */
export const TOKEN_LOWER = table((octet) =>
  /[!#$%&'*+.^_`|~0-9A-Za-z-]/u.test(String.fromCharCode(octet)) ? lower(octet) : 0,
);

/** 1 for what may stand in a field value or a reason phrase: tab, space, visible ASCII, and above ASCII. */
export const FIELD_OCTET = table((octet) => (octet === HTAB || (octet >= SP && octet !== DELETE) ? 1 : 0));

export const NO_HEX_DIGIT = 255;
/** The value of a hexadecimal digit, else `NO_HEX_DIGIT`. */
export const HEX_VALUE = table((octet) => {
  const digit = String.fromCharCode(octet);
  return /[0-9A-Fa-f]/u.test(digit) ? Number.parseInt(digit, 16) : NO_HEX_DIGIT;
});

/** The octets of a word in ASCII. */
export function octets(word: string): Uint8Array {
  return Uint8Array.from(word, (letter) => letter.charCodeAt(0));
}

function table(value: (octet: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, octet) => value(octet));
}

function lower(octet: number): number {
  return String.fromCharCode(octet).toLowerCase().charCodeAt(0);
}
