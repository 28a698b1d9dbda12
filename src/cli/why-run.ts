import { explain } from "../experiment/explain.js";
import { spanOf } from "../experiment/instant.js";
import { writePiecesAtomically } from "../experiment/output.js";
import { runWatched } from "../experiment/watched-run.js";
import { ChromeTrace, chromeTraceDocument } from "../report/chrome-trace.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { failuresIn, renderExplanations } from "./explanation-text.js";

/**
 * `simulate --explain WHEN`: what each policy saw at an instant or in a range, and the reason of
 * its decision. It runs nothing else.
 */
export async function explainInstant(scenario: Scenario, when: string, json: boolean): Promise<void> {
  const span = spanOf(when, scenario, "--explain");
  const explained = await explain(scenario, span);
  const clock = { epochMs: scenario.traffic.epochMs, zone: span.zone };
  const text = json ? JSON.stringify(explained, null, 2) : renderExplanations(explained, clock);
  process.stdout.write(`${text}\n`);
  // The text shows it too.
  if (json) for (const sentence of failuresIn(explained)) process.stderr.write(`${sentence}\n`);
}

/** `simulate --chrome-trace FILE`: replication 0 of every policy as one trace. */
export async function writeChromeTrace(scenario: Scenario, file: string, quiet: boolean): Promise<void> {
  const runs = await runWatched(
    scenario,
    (policy, pools, scheduler) => new ChromeTrace(policy + 1, scenario.policies[policy].name, pools, scheduler),
  );
  await writePiecesAtomically(file, chromeTraceDocument(runs));
  if (!quiet) process.stderr.write(`trace: ${file} (open it at https://ui.perfetto.dev or chrome://tracing)\n`);
}
