// After tsc, the build bundles ink, React and all that they import (23 MB in node_modules) into
// this one file, so that an installed headrace needs neither.
export type { Key } from "ink";
export { render, useInput } from "ink";
export { createElement } from "react";
