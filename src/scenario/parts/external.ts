/** Where an external server is. bench makes load on purpose, so the only targets outside its lab are on loopback. */

export type ExternalTarget =
  | { ok: true; host: string; port: number; https?: true }
  | { ok: false; message: string; hint: string; code?: "remote-target" };

/** 127.0.0.0/8 and ::1 as literals (RFC 1122 3.2.1.3, RFC 4291 2.5.3), and the name that means them (RFC 6761 6.3). */
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/;

/** Reads `http://127.0.0.1:3000`. A host that only resolves to loopback does not count: tomorrow it may not. */
export function externalTarget(text: string): ExternalTarget {
  if (!URL.canParse(text))
    return { ok: false, message: `\`${text}\` is no URL`, hint: "such as http://127.0.0.1:3000" };
  const url = new URL(text);
  if (!LOOPBACK.test(url.hostname)) {
    return {
      ok: false,
      code: "remote-target",
      message: `\`${url.hostname}\` is not this machine: a run sends traffic only inside its own lab or to loopback`,
      hint: "write 127.0.0.1, [::1] or localhost",
    };
  }
  const isHttps = url.protocol === "https:";
  if (!isHttps && url.protocol !== "http:")
    return { ok: false, message: "only http:// and https:// are spoken", hint: "write http://" };
  if (url.username !== "" || url.password !== "") {
    return { ok: false, message: "the URL holds a user name or password", hint: "remove what stands before the @" };
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return { ok: false, message: "the URL goes on behind the port", hint: "the path belongs in `load.path`" };
  }
  const port = url.port === "" ? (isHttps ? 443 : 80) : Number(url.port);
  if (port === 0) return { ok: false, message: "port 0 is no port", hint: "such as http://127.0.0.1:3000" };
  return { ok: true, host: addressOf(url.hostname), port, ...(isHttps ? { https: true } : {}) };
}

/** Clients that call the kernel look no names up, and the others must not choose another address than they. */
function addressOf(hostname: string): string {
  return hostname === "localhost" ? "127.0.0.1" : hostname.replace(/^\[|\]$/g, "");
}
