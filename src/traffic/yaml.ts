// After tsc, the build bundles yaml into this one file, since its 72 files take more memory.
export {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
  parseDocument,
  stringify,
  visit,
} from "yaml";
