import { InputError } from "../base/errors.js";
import { watch } from "../tui/run/watch.js";
import { httpSource } from "../tui/source/http-feed.js";
import { finishedSource } from "../tui/source/result-folder.js";
import type { WatchSource } from "../tui/source/watch-source.js";
import { SPEEDS } from "../tui/state/ui-state.js";
import { userPath } from "./options/user-path.js";
import { ExitCode, interruptSignal } from "./outcome.js";
import { readToken } from "./token-file.js";
import type { WatchArguments } from "./watch.js";

/** `headrace watch RUN`. */
export async function watchRun(argv: WatchArguments): Promise<void> {
  const source = await sourceOf(argv);
  const interrupt = interruptSignal();
  try {
    const end = await watch(source, SPEEDS.indexOf(1000), interrupt.signal);
    if (end === "interrupted") process.exitCode = ExitCode.interrupted;
  } finally {
    interrupt.dispose();
  }
}

function refusedPolicy(policy: string): InputError {
  return new InputError({
    code: "HR1006",
    where: "--policy",
    got: `"${policy}" with a live run`,
    expected: "no policy: a live run has one",
  });
}

async function sourceOf({ run, policy, tokenFile }: WatchArguments): Promise<WatchSource> {
  if (/^https?:\/\//i.test(run)) {
    if (policy !== undefined) throw refusedPolicy(policy);
    return httpSource(run, tokenFile === undefined ? undefined : await readToken(tokenFile));
  }
  if (tokenFile !== undefined) {
    throw new InputError({
      code: "HR1006",
      where: "--token-file",
      got: "a token for a finished run",
      expected: "a token only with http://…",
    });
  }
  return finishedSource(userPath(run), policy);
}
