import { afterEach, describe, expect, it, vi } from "vitest";
import { HostBench, otherStreamlet, runtimes } from "../live-bench.js";
import { handOverChurn } from "./hand-over-churn.js";

/**
 * Ten seconds for all classes and builds; `npx tsx test/bench/hand-over-churn.ts` runs for a
 * given time.
 */
const CHURN_MS = 2000;

const sanitized = otherStreamlet("sanitized");
const classes = runtimes();
const builds = [
  ...classes.map((runtime) => ({ runtime, build: "release", program: undefined })),
  ...classes
    .filter((runtime) => runtime !== "node" && sanitized !== undefined)
    .map((runtime) => ({ runtime, build: "sanitizers", program: sanitized })),
];

let bench: HostBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
  vi.unstubAllEnvs();
});

describe.each(builds)("streams on one streamlet of many slots ($runtime, $build)", ({ runtime, program }) => {
  it("end as they should, cut no other and crash nothing, be they reset, half-closed or whole", async () => {
    if (program !== undefined) vi.stubEnv("HEADRACE_STREAMLET", program);
    bench = new HostBench(runtime);
    const result = await handOverChurn(bench, CHURN_MS, runtime);
    expect(result).toMatchObject({ crashes: [], longCut: 0, wrong: [], wrongCount: 0 });
    // On a busy machine (load 20) one run had exactly 100.
    expect(result.streams).toBeGreaterThan(20);
  });
});
