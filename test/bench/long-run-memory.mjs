// Prints {peakBytes, events} of this process, whose job pool runs workload B for 50 days.
import { fileURLToPath } from "node:url";
import { runJobs } from "../../dist/experiment/job-pool.js";
import { readScenario } from "../../dist/experiment/scenario-file.js";

const file = fileURLToPath(new URL("./workload-b.yaml", import.meta.url));
const scenario = await readScenario(file, { duration: "1200h" });
let events = 0;
await runJobs([{ scenario, policy: 0, replication: 0 }], { threads: 1 }, (_job, run) => {
  events = run.result.events;
});
console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024, events }));
