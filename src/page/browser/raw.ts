/** The link to the raw result gives plain JSON where the browser can unpack it, and what is packed where it cannot. */
export function keepRaw(document: Document): void {
  const link = document.querySelector<HTMLAnchorElement>("a.raw");
  if (link === null || typeof DecompressionStream === "undefined") return;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    void saveUnpacked(link, document);
  });
}

async function saveUnpacked(link: HTMLAnchorElement, document: Document): Promise<void> {
  const plain = document.createElement("a");
  plain.href = URL.createObjectURL(await unpacked(link.href));
  plain.download = link.download.replace(/\.gz$/u, "");
  plain.click();
  URL.revokeObjectURL(plain.href);
}

/** The page may fetch nothing, not even itself: the bytes are taken out of the address. */
async function unpacked(dataUrl: string): Promise<Blob> {
  const text = atob(dataUrl.slice(dataUrl.indexOf(",") + 1));
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Blob([await new Response(stream).arrayBuffer()], { type: "application/json" });
}
