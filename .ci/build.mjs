// `npm run build`: src/ → dist/. One file a program, and what they share in chunks beside them: a process that reads a
// dozen files starts in half of the time of one that reads three hundred.
import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");

/** Each is started by its path under dist/. */
const PROGRAMS = [
  "cli",
  "agent",
  "client/main",
  "client/epoll/thread",
  "probe/main",
  "sampler/thread",
  "scenario/write-titles",
  "server/epoll/main",
  "server/epoll/thread",
  "server/hello",
  "server/misbehaving",
  "states/inside",
];

const RESOLVE = { extensionAlias: { ".js": [".ts", ".tsx", ".js"] } };

/** What hdr-histogram-js has for browsers, and for histograms in WebAssembly: bench makes neither. */
const UNUSED = /^(?:pako|@assemblyscript\/loader|\.\/generated-wasm)$/u;
const withoutUnused = {
  name: "without-unused",
  resolveId: (id) => (UNUSED.test(id) ? "\0unused" : null),
  load: (id) => (id === "\0unused" ? "export default {};" : null),
};

const bundle = await rolldown({
  input: Object.fromEntries(PROGRAMS.map((name) => [name, join(ROOT, "src", `${name}.ts`)])),
  cwd: ROOT,
  platform: "node",
  // A native library; clients, which are named by the version that is installed; one that few runs need, one that is large.
  external: ["koffi", "undici", "autocannon", "execa", "yaml"],
  resolve: RESOLVE,
  plugins: [withoutUnused],
  // hdr-histogram-js has one; see `banner`.
  checks: { eval: false },
});
const { output } = await bundle.write({
  dir: DIST,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
  // It finds zlib by `eval('require("zlib")')`, which a module has not by itself.
  banner: ({ moduleIds }) =>
    moduleIds.some((id) => id.includes("/hdr-histogram-js/"))
      ? 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);'
      : "",
  // Names of functions stay as they are, for whoever reads a stack.
  minify: {
    compress: { keepNames: { function: true, class: true } },
    mangle: { keepNames: { function: true, class: true } },
  },
});
await bundle.close();

// What a page of ours holds: its script, and its style.
const script = await rolldown({
  input: join(ROOT, "src/page/browser/main.ts"),
  cwd: ROOT,
  platform: "browser",
  resolve: RESOLVE,
});
const page = await script.write({ file: join(DIST, "page/page.js"), format: "iife", minify: true });
await script.close();
const style = await readFile(join(ROOT, "src/page/page.css"), "utf8");
await writeFile(join(DIST, "page/page.css"), style.replaceAll(/\s*\n\s*/gu, "").replaceAll(/([{:;,])\s+/gu, "$1"));

await writeFile(join(DIST, "LICENSES.txt"), await licenses([...output, ...page.output]));
const bundles = output.map(({ fileName }) => fileName);
await prune(new Set([...bundles, "page/page.js", "page/page.css", "LICENSES.txt", "titles.json"]));
await chmod(join(DIST, "cli.js"), 0o755);
await import(join(DIST, "scenario/write-titles.js"));

/** Of the packages whose code is in the bundle. */
async function licenses(chunks) {
  const folders = new Set();
  for (const id of chunks.flatMap(({ moduleIds }) => moduleIds ?? [])) {
    const inPackage = /^(?<folder>.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//u.exec(id);
    if (inPackage !== null) folders.add(inPackage.groups.folder);
  }
  const texts = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((one) => /^licen[cs]e/iu.test(one));
    const text = file === undefined ? "(its package has no copy of it)" : await readFile(join(folder, file), "utf8");
    texts.push(`${name} ${version}, ${license}\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

/** What an earlier build left. Only after the rest was written: what runs from dist/ meanwhile finds its files. */
async function prune(kept) {
  const folders = new Set([...kept].map(dirname).flatMap((one) => [one, dirname(one)]));
  for (const path of await readdir(DIST, { recursive: true, withFileTypes: true })) {
    const name = join(path.parentPath, path.name).slice(DIST.length + 1);
    if (path.isFile() ? !kept.has(name) : !folders.has(name))
      await rm(join(DIST, name), { recursive: true, force: true });
  }
}
