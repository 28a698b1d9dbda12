// After tsc, the build bundles vega-lite, and the part of vega that checks a chart, into this one
// file. Loading its 270 files and unused code took half of the load time of a report.
export { parse } from "vega";
export { compile } from "vega-lite";
