import { appendFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { namedForecaster } from "../../src/control/forecast/default-forecaster.js";
import { runTraining } from "../../src/control/trainer/run-training.js";
import { openForecaster } from "../../src/forecasting/catalogue.js";
import { HistoryFile } from "../../src/forecasting/history-file.js";
import { ThreadTraining } from "../../src/forecasting/thread-training.js";
import type { TrainingOutcome, TrainingRequest } from "../../src/ports/training.js";

const HOUR = 3_600_000;
const worker = fileURLToPath(new URL("../../dist/forecasting/training-worker.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "headrace-training-"));

const request: TrainingRequest = {
  series: "eu",
  candidates: ["ensemble", "last-value"],
  history: { startMs: 0, binMs: HOUR, values: Float64Array.from({ length: 24 * 10 }, (_, i) => 50 + (i % 24)) },
  backtestBins: 24,
  leadBins: 1,
  level: 0.9,
};

describe("training in a thread", () => {
  const events: (() => void)[] = [];
  const training = new ThreadTraining((event) => events.push(event), {}, worker);
  afterAll(() => training.close());

  async function delivered(ask: TrainingRequest, by = training): Promise<TrainingOutcome> {
    const seen: TrainingOutcome[] = [];
    by.train(ask, (outcome) => seen.push(outcome));
    expect(seen).toHaveLength(0);
    await expect.poll(() => events.length, { timeout: 60_000 }).toBe(1);
    // The outcome is an event of the world: nothing is delivered until the world takes it in.
    expect(seen).toHaveLength(0);
    events.pop()?.();
    return seen[0];
  }

  it("learns to the last bit what the same training learns in this thread, and delivers it as an event", async () => {
    const outcome = await delivered(request);
    const here = runTraining(request, (name) => namedForecaster(name)!);
    expect(outcome).toEqual({ kind: "trained", result: here });
  }, 90_000);

  it("trains the LSTM there, to the same weights as here: it serves at once what it is restored from", async () => {
    const ask = { ...request, candidates: ["lstm"], backtestBins: 0 };
    const outcome = await delivered(ask);
    const { make } = await openForecaster("lstm");
    expect(outcome).toEqual({ kind: "trained", result: runTraining(ask, make) });
    const served = make();
    served.restore(ask.history, outcome.kind === "trained" ? outcome.result.states[0] : []);
    expect(served.forecast(12, [0.5]).quantiles[0].every((value) => value > 40 && value < 85)).toBe(true);
  }, 90_000);

  it("answers an unknown candidate with a reason, and continues", async () => {
    const outcome = await delivered({ ...request, candidates: ["oracle"] });
    expect(outcome.kind === "failed" && outcome.reason).toMatch(/oracle/);
    expect((await delivered({ ...request, candidates: ["last-value"] })).kind).toBe("trained");
  }, 90_000);

  it("fails the training of a thread that dies, and starts another for the next", async () => {
    const file = join(folder, "dies.mjs");
    writeFileSync(
      file,
      'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit(3));',
    );
    const dying = new ThreadTraining((event) => events.push(event), {}, file);
    for (let attempt = 0; attempt < 2; attempt++) {
      const outcome = await delivered(request, dying);
      expect(outcome).toEqual({ kind: "failed", reason: "training-thread-ended: 3" });
    }
    await dying.close();
  }, 90_000);
});

describe("the history on disk", () => {
  let count = 0;
  const fresh = (): string => join(folder, `history-${++count}.log`);

  function written(bins: readonly number[], file = fresh()): string {
    const history = HistoryFile.open(file, 1000, HOUR);
    bins.forEach((bin, i) => {
      history.append(history.past.values.length + i, bin);
    });
    history.close();
    return file;
  }

  function read(file: string): number[] {
    const history = HistoryFile.open(file, 0, HOUR);
    history.close();
    expect(history.past.startMs).toBe(1000);
    return [...history.past.values];
  }

  it("gives back every bin, unknown ones too, and goes on where it was", () => {
    const file = written([3, Number.NaN, 0.5]);
    written([7], file);
    expect(read(file)).toEqual([3, Number.NaN, 0.5, 7]);
  });

  it("is whole again after a crash at any byte: every whole line is kept, the torn one is dropped", () => {
    const whole = readFileSync(written([3, 41, 5]));
    const lines = whole.toString("utf8").split("\n");
    for (let length = lines[0].length + 1; length <= whole.length; length++) {
      const file = fresh();
      writeFileSync(file, whole);
      truncateSync(file, length);
      const kept = whole.subarray(0, length).toString("utf8").split("\n").length - 2;
      expect(read(file)).toEqual([3, 41, 5].slice(0, kept));
      written([9], file);
      expect(read(file)).toEqual([...[3, 41, 5].slice(0, kept), 9]);
    }
  });

  it("drops what follows a line that was altered", () => {
    const file = written([3, 4]);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("\n1 4 ", "\n1 5 "));
    expect(read(file)).toEqual([3]);
  });

  it("marks bins unknown that the process was not there to count", () => {
    const file = written([3]);
    const history = HistoryFile.open(file, 0, HOUR);
    history.append(4, 8);
    history.close();
    expect(read(file)).toEqual([3, Number.NaN, Number.NaN, Number.NaN, 8]);
  });

  it("refuses a file that is something else, and one of other bins, and leaves them as they are", () => {
    const file = fresh();
    appendFileSync(file, "timestamp,value\n".repeat(20));
    expect(() => HistoryFile.open(file, 0, HOUR)).toThrow(InputError);
    expect(readFileSync(file, "utf8")).toHaveLength(320);
    expect(() => HistoryFile.open(written([1]), 0, 2 * HOUR)).toThrow(/bins of 3600000 ms/);
  });

  it.each([
    [0, "an older"],
    [2, "a newer"],
  ])("refuses a file of format %s, which %s version wrote, and leaves it as it is", (version, age) => {
    const file = written([1]);
    const text = readFileSync(file, "utf8").replace('"version":1', `"version":${version}`);
    writeFileSync(file, text);
    expect(() => HistoryFile.open(file, 0, HOUR)).toThrow(`a history of format ${version}, which ${age} version`);
    expect(readFileSync(file, "utf8")).toBe(text);
  });
});
