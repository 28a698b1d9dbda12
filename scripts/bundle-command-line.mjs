// Part of `npm run build`, after tsc: makes dist/cli/command-line.js one file, so that `headrace --help` does not wait for 43.
import { renameSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = fileURLToPath(new URL("../src/cli/command-line.ts", import.meta.url));
const target = fileURLToPath(new URL("../dist/cli/command-line.js", import.meta.url));
const partial = `${target}.partial`;
const options = { bundle: true, platform: "node", format: "esm", target: "node20", legalComments: "inline" };
await build({ ...options, entryPoints: [source], outfile: partial, logLevel: "warning" });
renameSync(partial, target);
