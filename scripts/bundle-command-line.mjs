// Part of `npm run build`, after tsc: bundles many files into a few. So `headrace --help` does
// not wait for 43 files, nor a report for 270, and an installed headrace needs no ink and no
// React.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { rollup } from "rollup";

const options = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  legalComments: "none",
  logLevel: "warning",
};

/** CommonJS packages load Node's modules by `require`. */
const withRequire = {
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
};

/** Bundles src/NAME.ts over what tsc made of it. */
async function bundle(name, more = {}) {
  const source = fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url));
  const target = fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url));
  const partial = `${target}.partial`;
  const { metafile } = await build({ ...options, ...more, entryPoints: [source], outfile: partial, metafile: true });
  writeFileSync(target.replace(/\.js$/, ".licences.txt"), licences(Object.keys(metafile.inputs)));
  renameSync(partial, target);
}

/** Reads the TypeScript file of an import of "./NAME.js"; packages are left to Node. */
const typescript = {
  name: "typescript",
  resolveId(source, importer) {
    if (importer === undefined) return null;
    if (!source.startsWith(".")) return { id: source, external: true };
    const file = resolve(dirname(importer), source).replace(/\.js$/, ".ts");
    return existsSync(file) ? file : null;
  },
  async load(file) {
    return (await transform(readFileSync(file, "utf8"), { loader: "ts", target: options.target })).code;
  },
};

/**
 * The same for the engine, which runs for long. esbuild makes a variable of each constant and class
 * of a module that may be loaded late, and V8 looks a variable up, and checks what it is, at each
 * use. Rollup keeps them constant: a tenth fewer instructions an event. One file instead of 240: a
 * worker thread starts in 65 ms of CPU instead of 145.
 */
async function bundleEngine(name) {
  const [source, target] = [`src/${name}.ts`, `dist/${name}.js`].map((path) =>
    fileURLToPath(new URL(`../${path}`, import.meta.url)),
  );
  const treeshake = { moduleSideEffects: "no-external" };
  const modules = await rollup({ input: source, plugins: [typescript], treeshake });
  const { output } = await modules.generate({ format: "es", inlineDynamicImports: true });
  const { code } = await transform(output[0].code, { ...withoutSpaces, target: options.target, legalComments: "none" });
  writeFileSync(`${target}.partial`, code);
  renameSync(`${target}.partial`, target);
}

/** A package or a file that is imported and never called; `path` as the import names it. */
function leftOut(path) {
  return {
    name: `leave out ${path}`,
    setup(bundler) {
      bundler.onResolve({ filter: new RegExp(`^${path}$`) }, () => ({ path, namespace: "left-out" }));
      bundler.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: "export default {};" }));
    },
  };
}

/** The licences of the bundled packages, which must be shipped with the code. */
function licences(files) {
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
      const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join("\n---\n\n");
}

/**
 * Without the spaces and comments of our own files, which keep their names. The file of a worker
 * would have 529 kB instead of 386, and from 512 KiB on Node reads a file in pieces: 1.5 MB more.
 */
const withoutSpaces = { minifyWhitespace: true, lineLimit: 120 };

await bundle("cli/command-line", withoutSpaces);
await bundle("report/vega", { minify: true });
await bundle("base/zod", { minify: true, plugins: [leftOut("../locales/index.js")] });
await bundle("traffic/yaml", { minify: true, ...withRequire });
await bundleEngine("experiment/run-worker");
// React's development build is several times as slow; its developer tools are not installed.
await bundle("tui/run/ink", {
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [leftOut("react-devtools-core")],
  minify: true,
  ...withRequire,
});
