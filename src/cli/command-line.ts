// After tsc, the build puts yargs and all that it imports (43 files, a quarter of a second on a
// busy machine) into this one file.
export { default as yargs } from "yargs";
export { hideBin } from "yargs/helpers";

/**
 * Options that may stand alone or with `=value`, and their values alone: yargs would take the
 * next word for the value.
 */
const ALONE = new Map([["--assert-slo", "--assert-slo=met"]]);

/** The words of a command line with every such option written out, up to `--`. */
export function writtenOut(words: readonly string[]): string[] {
  const end = words.indexOf("--");
  return words.map((word, i) => (end >= 0 && i > end ? word : (ALONE.get(word) ?? word)));
}
