// Runs command lines of the built headrace one after the other in one process, for
// warm-command.ts. A separate process would start Node and load its modules each time: 0.4 to 0.9
// s of CPU.
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import { modulesNamed } from "../../dist/cli/module-words.js";
import { prepareProcess, reportFailure } from "../../dist/cli/outcome.js";
import { parseWords } from "../../dist/cli/parse-words.js";

/**
 * Replaces a stream's `write` by one that keeps the text; returns a function that restores it.
 */
function keep(stream) {
  const { write } = stream;
  let text = "";
  stream.write = (chunk, encoding, done) => {
    text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
    const call = typeof encoding === "function" ? encoding : done;
    if (call !== undefined) process.nextTick(call);
    return true;
  };
  return () => {
    stream.write = write;
    return text;
  };
}

async function runWords({ words, cwd, takesModules }) {
  process.chdir(cwd);
  // Unless expected, refused: a user module locks the built-ins of its process, and may end it.
  if (!takesModules && modulesNamed(words).length > 0) return undefined;
  const [stdout, stderr] = [keep(process.stdout), keep(process.stderr)];
  process.exitCode = 0;
  try {
    await parseWords(words);
  } catch (error) {
    reportFailure(error);
  }
  return { code: process.exitCode, signal: null, stdout: stdout(), stderr: stderr() };
}

// One thread for the runs of a command, unless it asks for more: each one more loads the engine
// (0.35 s of CPU), and other test files use the other cores. Commands in processes of their own
// run on all.
os.availableParallelism = () => 1;
syncBuiltinESMExports();
prepareProcess();
process.on("disconnect", () => process.exit());
process.on("message", async (message) => process.send({ ended: await runWords(message) }));
