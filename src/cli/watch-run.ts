import { InputError } from "../base/errors.js";
import { watch } from "../tui/run/watch.js";
import { finishedSource } from "../tui/source/finished-source.js";
import { httpSource } from "../tui/source/http-feed.js";
import type { WatchSource } from "../tui/source/watch-source.js";
import { SPEEDS } from "../tui/state/ui-state.js";
import { userPath } from "./options/user-path.js";
import { ExitCode, interruptSignal } from "./outcome.js";
import { readToken } from "./token-file.js";
import type { WatchArguments } from "./watch.js";

/** `headrace watch RUN…`. */
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

async function sourceOf({ runs, policy, tokenFile }: WatchArguments): Promise<WatchSource> {
  const address = runs.find((run) => /^https?:\/\//i.test(run));
  if (runs.length > (address === undefined ? 2 : 1)) throw tooMany(runs.length, address);
  if (address !== undefined) {
    if (policy !== undefined) throw refusedPolicy(policy);
    return httpSource(address, tokenFile === undefined ? undefined : await readToken(tokenFile));
  }
  if (tokenFile !== undefined) {
    throw new InputError({
      code: "HR1006",
      where: "--token-file",
      got: "a token for a finished run",
      expected: "a token only with http://…",
    });
  }
  return finishedSource(runs.map(userPath), policy);
}

function tooMany(count: number, address: string | undefined): InputError {
  return new InputError({
    code: "HR1006",
    where: "runs",
    got: address === undefined ? `${count} runs` : `${address} with other runs`,
    expected: "one finished run, two of them side by side, or one address",
    remedy: "headrace report puts any number of results side by side",
  });
}
