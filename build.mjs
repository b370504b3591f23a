// Bundles what the pages load: each file is named by its content, manifest.json says which is which,
// and a compressed copy lies beside it, so that the server only hands files out.
import { build } from "esbuild";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const ui = "src/openxmo/office/ui";
const out = `${ui}/static/built`;
const kept = 24 * 3600 * 1000; // what a running server hands out stays for a day

async function componentStyles() {
  const folder = `${ui}/templates/ui/components`;
  const found = await readdir(folder, { recursive: true });
  return found.filter((name) => name.endsWith(".css")).sort().map((name) => `@import "${folder}/${name}";`);
}

/** A style entry made of several files: Tabler, then ours, then each component's. */
function styles(tabler) {
  return {
    name: "styles",
    setup(it) {
      it.onResolve({ filter: /^styles:/ }, (asked) => ({ path: asked.path, namespace: "styles" }));
      it.onLoad({ filter: /.*/, namespace: "styles" }, async () => {
        const own = (await readdir(`${ui}/styles`)).filter((name) => name.endsWith(".css")).sort();
        const lines = [`@import "@tabler/core/dist/css/${tabler}";`];
        lines.push(...own.map((name) => `@import "./${ui}/styles/${name}";`));
        lines.push(...(await componentStyles()).map((line) => line.replace('"src', '"./src')));
        return { contents: lines.join("\n"), loader: "css", resolveDir: process.cwd() };
      });
    },
  };
}

const common = {
  bundle: true,
  minify: true,
  target: ["es2022", "chrome115", "firefox115", "safari16.4"],
  outdir: out,
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  metafile: true,
  legalComments: "linked",
  loader: { ".woff2": "file", ".svg": "file" },
  logLevel: "warning",
};

await mkdir(out, { recursive: true });
const islands = ["shell", "survey"].map((name) => ({ in: `${ui}/islands/${name}.ts`, out: name }));
const bundles = await Promise.all([
  build({ ...common, entryPoints: islands, format: "esm", splitting: true }),
  build({ ...common, entryPoints: [{ in: `${ui}/islands/theme.ts`, out: "theme" }], format: "iife" }),
  build({ ...common, entryPoints: [{ in: "styles:all", out: "pages" }], plugins: [styles("tabler.min.css")] }),
  build({ ...common, entryPoints: [{ in: "styles:all", out: "pages-rtl" }], plugins: [styles("tabler.rtl.min.css")] }),
  build({ ...common, entryPoints: [{ in: `${ui}/islands/icon.svg`, out: "icon" }], loader: { ".svg": "copy" } }),
]);

const manifest = {};
const made = new Set(["manifest.json"]);
for (const { metafile } of bundles) {
  for (const [path, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
    const name = basename(path);
    made.add(name);
    for (const each of [entryPoint && name, cssBundle && basename(cssBundle)].filter(Boolean)) {
      manifest[each.replace(/-[A-Z0-9]{8}(?=\.)/, "")] = each;
    }
  }
}
for (const name of [...made].filter((each) => /-[A-Z0-9]{8}\.(js|css|svg)$/.test(each))) {
  const file = join(out, name);
  const bytes = await readFile(file);
  await writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  await writeFile(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
}
await writeFile(join(out, "manifest.fresh"), JSON.stringify(manifest, null, 2) + "\n");
await rename(join(out, "manifest.fresh"), join(out, "manifest.json"));
for (const name of await readdir(out)) {
  const old = Date.now() - (await stat(join(out, name))).mtimeMs > kept;
  if (old && !made.has(name.replace(/\.(gz|br)$/, ""))) await rm(join(out, name));
}
console.log(`Built ${Object.keys(manifest).length} files into ${relative(".", out)}`);
