import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../base/errors.js";
import { parseKeptScenario, SCENARIO_FILE } from "../../experiment/kept-scenario.js";
import { loadUserModules } from "../../experiment/module-file.js";
import { packageVersion } from "../../experiment/version.js";
import { parseRunLog } from "../../live/log/run-log-reader.js";
import { readTextFile } from "../../traffic/text-file.js";
import type { FinishedRun } from "./finished-run.js";
import { replayedRun } from "./replayed-run.js";
import { simulatedRuns } from "./simulated-run.js";

export const RUN_LOG = "run.jsonl";
const RUN_TO_WATCH = "a run log (JSONL), the folder of a result, or the address of a live run (http://…)";
/** A log of a day at 100 requests per second has about this size. */
const MAX_LOG_BYTES = 2_000_000_000;

/** A finished run: a report's folder, or a run log. */
export async function finishedRun(path: string, policy: string | undefined): Promise<FinishedRun> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory() !== true) return loggedRun(path, policy);
  if (existsSync(join(path, SCENARIO_FILE))) return folderRun(join(path, SCENARIO_FILE), policy);
  if (existsSync(join(path, RUN_LOG))) return loggedRun(join(path, RUN_LOG), policy);
  throw new InputError({
    code: "HR1115",
    where: path,
    got: `a folder with neither ${SCENARIO_FILE} nor ${RUN_LOG}`,
    expected: "a folder that simulate or live wrote",
    remedy: "An older headrace wrote no scenario into it: simulate the scenario again",
  });
}

/** A result holds means but no events: the first replication is simulated again. */
async function folderRun(file: string, policy: string | undefined): Promise<FinishedRun> {
  const scenario = parseKeptScenario(await readTextFile(file, "a scenario as simulate writes it"), file);
  const { policies } = scenario;
  const chosen =
    policy === undefined ? policies[0] : policies.find(({ name, kind }) => name === policy || kind === policy);
  if (chosen !== undefined) return simulatedRuns(scenario, chosen);
  throw new InputError({
    code: "HR1003",
    where: "--policy",
    got: `"${policy}"`,
    expected: `one of ${policies.map(({ name }) => name).join(", ")}`,
  });
}

async function loggedRun(file: string, policy: string | undefined): Promise<FinishedRun> {
  if (policy !== undefined) {
    throw new InputError({
      code: "HR1006",
      where: "--policy",
      got: `"${policy}" with a run log`,
      expected: "no policy: a log holds the one that ran",
      remedy: `headrace replay ${file} --policy ${policy} shows the result of another policy`,
    });
  }
  const run = parseRunLog(await readTextFile(file, RUN_TO_WATCH, MAX_LOG_BYTES), file, packageVersion());
  const { scenario, policy: ran } = run.header;
  const modules = await loadUserModules({ ...scenario, policies: [ran] });
  const warning = { text: "" };
  const onDifference = (line: number): void => {
    warning.text = `from line ${line} on the replay differs from the log: what is shown did not happen so`;
  };
  return { make: () => replayedRun(run, modules, onDifference), others: new Map(), warning };
}
