// `npx tsx test/bench/hand-over-churn.ts [SECONDS]`: the churn of
// test/live/hand-over-churn.test.ts on each class and build, for this long each (60 s if left
// out). One line per run on stdout; exit code 1 if a stream was wrong or cut, or a streamlet
// crashed.

import { HostBench, otherStreamlet, runtimes } from "../live/live-bench.js";
import { handOverChurn } from "../live/wire/hand-over-churn.js";

const seconds = Number(process.argv[2] ?? 60);
const sanitized = otherStreamlet("sanitized");
let failed = false;
for (const program of [undefined, sanitized]) {
  if (program !== undefined) process.env.HEADRACE_STREAMLET = program;
  for (const runtime of runtimes()) {
    if (program !== undefined && runtime === "node") continue;
    const bench = new HostBench(runtime);
    const result = await handOverChurn(bench, seconds * 1000, `${runtime}/${seconds}`);
    await bench.close();
    failed ||= result.crashes.length + result.longCut + result.wrongCount > 0;
    process.stdout.write(
      `${JSON.stringify({ runtime, build: program === undefined ? "release" : "sanitizers", seconds, ...result })}\n`,
    );
  }
}
process.exitCode = failed ? 1 : 0;
