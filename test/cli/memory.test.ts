import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import type { runExperiment as RunExperiment } from "../../src/experiment/experiment.js";
import { readScenario } from "../../src/experiment/scenario-file.js";
import { Folder, quickScenario, root } from "./real-command.js";

describe("a run that outgrows its memory", () => {
  const folder = new Folder();
  afterAll(() => folder.dispose());

  it("ends in words, not in a crash", { timeout: 180_000 }, async () => {
    // The compiled experiment: only there do runs have threads, whose memory can be bounded.
    const compiled = join(root, "dist/experiment/experiment.js");
    expect(existsSync(compiled)).toBe(true);
    const { runExperiment } = (await import(compiled)) as { runExperiment: typeof RunExperiment };
    const streams = { "rate: 1/s": "rate: 10000/s", "mean: 1min": "mean: 10min", "slots: 8": "slots: 1000000" };
    folder.write("s.yaml", quickScenario(streams));
    const scenario = await readScenario(join(folder.path, "s.yaml"));
    const failure = await runExperiment(scenario, { threads: 1, memoryBytes: 60e6 }).catch((error: unknown) => error);
    expect((failure as Error).name).toBe(InputError.name);
    expect((failure as Error).message).toMatch(/^a run that needs more than the .* MiB of memory.*Lower the rate/);
  });
});
