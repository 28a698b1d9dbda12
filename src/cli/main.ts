import { hideBin } from "./command-line.js";
import { prepareProcess, reportFailure } from "./outcome.js";
import { parseWords } from "./parse-words.js";

/** Runs the command line and sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  prepareProcess();
  try {
    await parseWords(hideBin([...argv]));
  } catch (error) {
    reportFailure(error);
  }
}

await main(process.argv);
