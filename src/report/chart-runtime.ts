import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where `npm run build` puts the bundle: beside this module. */
const BUNDLE_FILE = fileURLToPath(new URL("./chart-runtime.bundle.js", import.meta.url));
const ENTRY = new URL("./browser/draw-charts", import.meta.url);
const LICENCES =
  "/* Vega and vega-interpreter: BSD-3-Clause, (c) University of " +
  "Washington Interactive Data Lab. d3: ISC, (c) Mike Bostock. */";

let loaded: Promise<string> | undefined;

/**
 * The script that draws charts in the browser: from the build, or, if there is none (tests, tsx),
 * bundled now and cached.
 */
export function chartRuntime(): Promise<string> {
  loaded ??= existsSync(BUNDLE_FILE) ? Promise.resolve(readFileSync(BUNDLE_FILE, "utf8")) : bundleChartRuntime();
  return loaded;
}

/**
 * Bundles Vega, its interpreter and the drawing code into one classic script, fit for a script
 * element.
 * @public scripts/bundle-report-runtime.mjs calls it from the build.
 */
export async function bundleChartRuntime(): Promise<string> {
  const { build } = await import("esbuild");
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const result = await build({
    entryPoints: [fileURLToPath(ENTRY) + extension],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "ascii",
    legalComments: "none",
    banner: { js: LICENCES },
    logLevel: "silent",
  });
  // In strings and regular expressions, the only places where these occur, the backslash changes
  // nothing.
  return result.outputFiles[0].text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}
