import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { resultSchema } from "../../src/experiment/result-schema.js";
import { Folder, root, run } from "./real-command.js";
import { warmCommand } from "./warm-command.js";

const shared = join(root, "..", "shared", "traces");
const files = [
  "nasa_http_1min",
  "worldcup98_1min",
  "crane9_1min",
  "crane13_1min",
  "elb_requests_5min",
  "nyc_taxi_30min",
  "tweets_goog_5min",
  "wikipedia_de_2009_1h",
];
/**
 * The trace is scaled to the scenario's 13 arrivals per second. Of the 90 minutes, the last 30
 * are measured.
 */
const EXPECTED_ARRIVALS = 13 * 1800;
/** Two weeks of history are read, drawn and forecast from; a busy machine takes its time. */
const PATIENCE_MS = 300_000;
/** One with outages, one with flash crowds: the others do not differ in what is tested here. */
const runTwice = ["nasa_http_1min", "tweets_goog_5min"];

const warm = warmCommand();
describe.each(files)("the shared trace %s", (name) => {
  const folder = new Folder();
  afterAll(() => folder.dispose());

  it("runs the main job", { timeout: PATIENCE_MS }, async (context) => {
    const trace = join(shared, `${name}.csv`);
    if (!existsSync(trace)) {
      console.log(`skipped: ../shared/traces/${name}.csv is not here`);
      context.skip();
    }
    const args = ["simulate", join(root, "scenarios/evening-peak.yaml"), "--trace", trace, "--json"];
    const short = [...args, "--replications", "1", "--duration", "90min", "--seed", "5"];
    const first = await warm.run(short, folder.path);
    expect(first.stderr).toContain("seed 5");
    expect(first.stderr).toMatch(/traffic: .*, scaled by \d/);
    expect(first.code).toBe(0);
    expect(first.stdout.slice(0, 1)).toBe("{");
    const { policies } = resultSchema.parse(JSON.parse(first.stdout));
    expect(policies.map((policy) => policy.name)).toEqual(["hpa", "predictive"]);
    // The trace determines which share of the traffic falls into the measured window.
    expect(policies[0].metrics.arrivals.mean).toBeGreaterThan(0.5 * EXPECTED_ARRIVALS);
    expect(policies[0].metrics.arrivals.mean).toBeLessThan(2 * EXPECTED_ARRIVALS);
    expect(policies[1].metrics.arrivals).toEqual(policies[0].metrics.arrivals);
    if (!runTwice.includes(name)) return;
    const again = await run([...short, "--quiet", "--threads", "2"], folder.path);
    expect(again.stdout, "the same seed gives the same bytes on two threads as on one").toBe(first.stdout);
  });
});
