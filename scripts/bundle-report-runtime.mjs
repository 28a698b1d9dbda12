// Part of `npm run build`, after tsc: bundles the charts' browser script beside the compiled
// report.
import { renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleChartRuntime } from "../dist/report/chart-runtime.js";

const target = fileURLToPath(new URL("../dist/report/chart-runtime.bundle.js", import.meta.url));
writeFileSync(`${target}.partial`, await bundleChartRuntime());
renameSync(`${target}.partial`, target);
