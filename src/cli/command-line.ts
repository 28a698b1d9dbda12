// After tsc, the build puts yargs and all that it imports (43 files, a quarter of a second on a busy machine) into this one file.
export { default as yargs } from "yargs";
export { hideBin } from "yargs/helpers";
