import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accept } from "../../../src/experiment/check/accept.js";
import { readBaseline } from "../../../src/experiment/check/baseline-file.js";
import { runCheck } from "../../../src/experiment/check/check.js";
import { type Regression, readRegression } from "../../../src/experiment/check/regression-file.js";
import { checkAnnotations } from "../../../src/report/check/annotations.js";
import { checkText } from "../../../src/report/check/check-text.js";
import { checkJunit } from "../../../src/report/check/junit.js";
import { checkMarkdown } from "../../../src/report/check/pull-request.js";
import { Folder } from "../../cli/real-command.js";

const scenario = `name: gated
seed: 3
duration: 2h
warmup: 10min
traffic: {source: sinusoid, rate: 1/s, amplitude: 0.6, period: 2h}
streams: {holding: {kind: exponential, mean: 1min}, patience: {kind: constant, value: 10s}}
fleet: {streamlet: {slots: 4, spawn: {kind: constant, value: 30s}}, max: 200}
policies:
  - {kind: hpa, targetUtilisation: 0.7, min: 2}
slo: {startLatencyP99: 200ms}
cost: {streamletHour: 0.01, currency: EUR}
`;
const gate = `scenarios: [{file: gated.yaml, replications: 10}]
metrics: {cost: 1%, sloViolationMinutes: 2}
baseline: accepted.json
mostTimes: 1.5
`;
const here = { threads: 0 };

let folder: Folder;
let regression: Regression;
/** Accepted once for all tests: that takes most of their time. */
let accepted: string;
beforeAll(async () => {
  const once = new Folder({ "gated.yaml": scenario, "regression.yaml": gate });
  const first = await readRegression(join(once.path, "regression.yaml"));
  await accept(first, "first", here);
  accepted = readFileSync(first.baseline, "utf8");
  once.dispose();
});
beforeEach(async () => {
  folder = new Folder({ "gated.yaml": scenario, "regression.yaml": gate, "accepted.json": accepted });
  regression = await readRegression(join(folder.path, "regression.yaml"));
});
afterEach(() => folder.dispose());

const change = (from: string, to: string): void => folder.write("gated.yaml", scenario.replace(from, to));
const check = () => runCheck(regression, here);

describe("the gate over an accepted scenario", () => {
  it("is identical on an unchanged tree, and its baseline has the same bytes when it is accepted again", async () => {
    const { document, divergences } = await check();
    expect(document.verdict).toBe("identical");
    expect(document.rows.map(({ verdict, delta, p }) => [verdict, delta, p])).toEqual([
      ["identical", 0, 1],
      ["identical", 0, 1],
    ]);
    expect(document.rows.map(({ currency }) => currency)).toEqual(["EUR", undefined]);
    expect([document.firstDivergence, divergences]).toEqual([null, []]);
    expect(document.sees).toBeGreaterThan(0);
    expect(readFileSync(regression.baseline, "utf8")).toBe(accepted);
    expect(accepted.length).toBeLessThan(20_000);
  });

  it("catches 3 % more streamlets as a regression, and names the first decision and its path", async () => {
    change("0.7", "0.66");
    const outcome = await check();
    const { document } = outcome;
    expect(document.verdict).toBe("regressed");
    const cost = document.rows[0];
    expect(cost).toMatchObject({ scenario: "gated.yaml", policy: "hpa", metric: "cost", verdict: "regressed" });
    expect(cost.delta / cost.before).toBeGreaterThan(0.02);
    expect(cost.p).toBeLessThanOrEqual(0.01);
    const found = document.firstDivergence;
    expect(found).toMatchObject({ scenario: "gated.yaml", policy: "hpa", pool: "default" });
    expect(Number(found?.to)).toBeGreaterThan(Number(found?.from));
    const text = checkText(document, outcome.divergences);
    expect(text).toMatch(
      /First decision that differs: gated.yaml, hpa, at 0:\d\d:\d\d in default: \d+ → \d+ streamlets/,
    );
    expect(text).toMatch(/From hour 0 of replication 0 on[\s\S]*streamlets: [\d. ]+ → [\d. ]+/);
    expect(checkJunit(document)).toMatch(/failures="1"[\s\S]*type="regressed"/);
    expect(checkAnnotations(document)[0]).toMatch(
      /^::error file=gated.yaml,title=headrace check%3A regressed::hpa, Cost/,
    );
    expect(checkMarkdown(document, outcome.divergences)).toContain('src="data:image/svg+xml;base64,');
  });

  it("fails an improvement until it is accepted", async () => {
    change("0.7", "0.75");
    expect((await check()).document.verdict).toBe("improved");
    const update = await accept(regression, "less headroom", here);
    expect(update.before?.reason).toBe("first");
    expect((await readBaseline(regression.baseline))?.reason).toBe("less headroom");
    expect((await check()).document.verdict).toBe("identical");
  });

  it("sees a tolerance of 0.1 that became 0.2, and a tick that came later, as other decisions", async () => {
    for (const knob of ["tolerance: 0.2, min: 2", "tick: 30s, min: 2"]) {
      change("min: 2", knob);
      const { document, divergences } = await check();
      expect(document.verdict).not.toBe("identical");
      expect(document.firstDivergence?.policy).toBe("hpa");
      expect(divergences[0].replications).toHaveLength(divergences[0].compared);
    }
  });

  it("adds replications up to its bound where it cannot tell", async () => {
    // With ten replications no p is below 2/2^10, so that at this alpha no change can be shown.
    folder.write("regression.yaml", `${gate.replace("cost: 1%", "cost: 0")}alpha: 0.0001\n`);
    regression = await readRegression(join(folder.path, "regression.yaml"));
    change("0.7", "0.69");
    const { document } = await check();
    expect(document.rows[0]).toMatchObject({ metric: "cost", replications: 15 });
    expect(document.rows[0].p).toBeLessThan(2 / 1024);
  });

  it("bounds the drift of many accepted changes by the figures of the last release", async () => {
    folder.write("release.json", readFileSync(regression.baseline, "utf8"));
    folder.write("regression.yaml", `${gate}release: release.json\n`);
    regression = await readRegression(join(folder.path, "regression.yaml"));
    change("0.7", "0.66");
    await accept(regression, "accepted without a thought", here);
    const { document } = await check();
    const [last, released] = ["baseline", "release"].map((side) =>
      document.rows.find((row) => row.against === side && row.metric === "cost"),
    );
    expect([last?.verdict, released?.verdict, document.verdict]).toEqual(["identical", "regressed", "regressed"]);
    change("0.7", "0.75");
    await accept(regression, "cheaper than the release", here);
    expect((await check()).document.verdict).toBe("identical");
  });
});

describe("a gate of percentiles and ratios", () => {
  it("keeps the replications that their test needs, and refuses a baseline without them", async () => {
    folder.write("regression.yaml", gate.replace("cost: 1%", "startLatencyMsP99: 5%, abandonedRatio: 5%"));
    regression = await readRegression(join(folder.path, "regression.yaml"));
    await expect(check()).rejects.toThrow(/figures of hpa in gated.yaml without their replications.*--update/);
    await accept(regression, "percentiles", here);
    const { document } = await check();
    expect(document.verdict).toBe("identical");
    const text = readFileSync(regression.baseline, "utf8");
    writeFileSync(regression.baseline, text.replace(/"samples": "..../, '"samples": "AAAA'));
    await expect(check()).rejects.toThrow(/the replications of hpa cannot be unpacked/);
  });
});

describe("a baseline that does not belong to the gate", () => {
  it.each([
    ["another world", "rate: 1/s", "rate: 2/s", /figures of another world than gated.yaml/],
    ["another seed", "seed: 3", "seed: 4", /figures of seed 3 for gated.yaml; expected seed 4/],
    ["another policy", "kind: hpa,", "kind: hpa, name: other,", /no figures of other in gated.yaml/],
  ])("is refused: %s", async (_, from, to, message) => {
    change(from, to);
    await expect(check()).rejects.toThrow(message);
  });

  it("is refused where its replications are others, where it is missing, and where it is damaged", async () => {
    const text = accepted;
    folder.write("regression.yaml", gate.replace("replications: 10", "replications: 9"));
    regression = await readRegression(join(folder.path, "regression.yaml"));
    await expect(check()).rejects.toThrow(/10 replications of hpa in gated.yaml; expected 9/);
    const damages: readonly [string, RegExp][] = [
      [text.slice(0, 400), /no baseline \(.*JSON/],
      [text.replace('"format": 1', '"format": 2'), /a baseline of format 2; expected format 1/],
      [text.replace('"seed": 3', '"seed": "3"'), /no baseline \(scenarios.0.seed/],
      [text.replace(/"kept": ".{8}/, '"kept": "damaged!'), /the decisions of hpa cannot be unpacked/],
      [text.replace(/"values": \[[^,]+, /, '"values": ['), /hpa has lists of different lengths/],
    ];
    for (const [damaged, message] of damages) {
      writeFileSync(regression.baseline, damaged);
      await expect(check()).rejects.toThrow(message);
    }
    rmSync(regression.baseline);
    await expect(check()).rejects.toThrow(/accepted.json: no baseline yet.*--update --reason TEXT/);
  });

  it("is refused where the scenario lacks what a gated metric needs", async () => {
    const priceless = scenario.replace("cost: {streamletHour: 0.01, currency: EUR}\n", "");
    folder.write("gated.yaml", priceless);
    await expect(accept(regression, "no price", here)).resolves.toBeDefined();
    await expect(check()).rejects.toThrow(/metrics: cost, which gated.yaml does not have/);
  });
});

describe("a gate that asks for the SLO", () => {
  it("fails a policy that misses it though its figures are the same, and demands proof if the gate does", async () => {
    for (const [slo, verdict, text] of [
      ["met", "identical", undefined],
      ["proved", "regressed", /met in 10 of 10 replications .*, which does not prove it/],
    ] as const) {
      folder.write("regression.yaml", `${gate}slo: ${slo}\n`);
      folder.write("gated.yaml", scenario.replace("slo: {", "slo: {days: 95%, rejectedRatio: 0.5, "));
      regression = await readRegression(join(folder.path, "regression.yaml"));
      await accept(regression, "easy", here);
      const { document } = await check();
      expect(document.verdict).toBe(verdict);
      if (text !== undefined) expect(document.sloFailures[0].text).toMatch(text);
    }
  });
});
