// `npm run build`: src/ → dist/. One file a program, and what they share in chunks beside them: a process that reads a
// dozen files starts in half of the time of one that reads three hundred.
import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");

/** Each is started by its path under dist/. */
const PROGRAMS = [
  "cli",
  "agent",
  "cable/main",
  "cable/thread",
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
  "watch/inside",
];

const RESOLVE = { extensionAlias: { ".js": [".ts", ".tsx", ".js"] } };

/** What hdr-histogram-js has for browsers, WebAssembly, small and packed counts, recorders and logs: bench makes none. */
const UNUSED =
  /^(?:pako|@assemblyscript\/loader|\.\/(?:generated-wasm|Int(?:8|16)Histogram|PackedHistogram|Recorder|HistogramLog(?:Reader|Writer)))$/u;
const withoutUnused = {
  name: "without-unused",
  resolveId: (id) => (UNUSED.test(id) ? "\0unused" : null),
  load: (id) => (id === "\0unused" ? "export default {};" : null),
};

/** What zod has to make a JSON Schema: the published one is made in a test, and read. Each schema takes it along otherwise. */
const JSON_SCHEMA = /\/node_modules\/zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$/u;
const withoutJsonSchema = {
  name: "without-json-schema",
  transform: (code, id) =>
    JSON_SCHEMA.test(id)
      ? [...code.matchAll(/^export (?:const|function) (\w+)/gmu)]
          .map(([, name]) => `export const ${name} = () => {};`)
          .join("\n")
      : null,
};

/** d3 comes in one file each, where what is called at once looks as if it were needed: it is told that it is not. */
const onlyWhatIsUsed = {
  name: "only-what-is-used",
  transform: (code, id) =>
    /\/node_modules\/d3-/u.test(id) ? code.replaceAll("= (function ", "= /* @__PURE__ */ (function ") : null,
};

const bundle = await rolldown({
  input: Object.fromEntries(PROGRAMS.map((name) => [name, join(ROOT, "src", `${name}.ts`)])),
  cwd: ROOT,
  platform: "node",
  // A native library; clients, which are named by the version that is installed; one that few runs need, one that is large.
  external: ["koffi", "undici", "autocannon", "execa", "yaml", "prom-client"],
  resolve: RESOLVE,
  plugins: [withoutUnused, withoutJsonSchema, onlyWhatIsUsed],
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
  // Annotations are for whoever bundles this once more, which nobody does.
  comments: { annotation: false },
  // Names of functions stay as they are, for whoever reads a stack: 60 KB of the package.
  minify: {
    compress: { keepNames: { function: true, class: true } },
    mangle: { keepNames: { function: true, class: true } },
  },
});
await bundle.close();

/** The report's script says nothing that is not on the page already. */
const inEnglish = {
  name: "in-english",
  resolveId: (id, from) => (id === "./zh/zh.js" && from?.endsWith("/words/say.ts") ? "\0none" : null),
  load: (id) => (id === "\0none" ? "export const ZH = {}, ZH_NOUNS = {}, ZH_TERMS = {};" : null),
};

// What pages of ours hold: their scripts, and their styles.
const scripts = await Promise.all([script("page", "main.ts", [inEnglish]), script("live", "live.tsx", [])]);
await Promise.all(["page", "live"].map(style));
// Three times as small in the package; unpacked when a page is drawn.
const PAGE_FILES = ["page.js", "page.css", "live.js", "live.css"];
await Promise.all(PAGE_FILES.map((name) => packed(join(DIST, "page", name))));

await writeFile(join(DIST, "LICENSES.txt"), await licenses([...output, ...scripts.flat()]));
const bundles = output.map(({ fileName }) => fileName);
const pages = PAGE_FILES.map((name) => `page/${name}.br`);
// A result to look at, for whoever has the package alone: results/sample.json is four times as large.
await writeFile(
  join(DIST, "sample.json.gz"),
  gzipSync(await readFile(join(ROOT, "results/sample.json")), { level: 9 }),
);
await prune(new Set([...bundles, ...pages, "LICENSES.txt", "sample.json.gz", "titles.json"]));
await chmod(join(DIST, "cli.js"), 0o755);
await import(join(DIST, "scenario/write-titles.js"));

async function script(name, entry, plugins) {
  const input = join(ROOT, "src/page/browser", entry);
  const build = await rolldown({
    input,
    cwd: ROOT,
    platform: "browser",
    resolve: RESOLVE,
    plugins: [...plugins, onlyWhatIsUsed],
  });
  const written = await build.write({ file: join(DIST, `page/${name}.js`), format: "iife", minify: true });
  await build.close();
  return written.output;
}

async function style(name) {
  const text = await readFile(join(ROOT, `src/page/${name}.css`), "utf8");
  const short = text.replaceAll(/\s*\n\s*/gu, "").replaceAll(/([{:;,])\s+/gu, "$1");
  await writeFile(join(DIST, `page/${name}.css`), short);
}

async function packed(file) {
  await writeFile(`${file}.br`, brotliCompressSync(await readFile(file)));
  await rm(file);
}

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
  return texts.join(`\n${"-".repeat(8)}\n\n`);
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
