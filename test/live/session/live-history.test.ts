import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { InputError } from "../../../src/base/errors.js";
import { ArrivalCounts } from "../../../src/control/monitor/arrival-counts.js";
import { HistoryFile } from "../../../src/forecasting/history-file.js";
import { readHeader } from "../../../src/live/log/scenario-record.js";
import { LiveHistory } from "../../../src/live/session/live-history.js";
import { HISTORY_BIN_MS } from "../../../src/world/history.js";
import { until } from "../live-bench.js";
import { LiveCommand } from "../live-command.js";
import { liveScenario } from "../live-scenario.js";

/** Ten thousand times as fast as the wall: a day in nine seconds. */
const scenario = liveScenario({
  name: "learnt",
  duration: "60h",
  rate: "12/h",
  patience: "10min",
  max: 3,
  policies: "[{kind: predictive, forecaster: trained, min: 1, max: 3, tick: 10min}]",
});
const WALL_MS = Date.UTC(2026, 0, 5, 8, 31);

let folder = "";

function binsOf(history: string): Float64Array {
  const file = HistoryFile.open(join(history, "default.history"), 0, HISTORY_BIN_MS);
  file.close();
  return file.past.values;
}

/** Counts `bins` bins of these arrivals per pool, like a run that begins at this wall time. */
function count(history: string, wallMs: number, perBin: readonly number[][]): LiveHistory {
  const kept = LiveHistory.open(history, ["eu", "us/west"], wallMs);
  const arrivals = new ArrivalCounts(2, kept.past, kept.epochMs);
  perBin.forEach((counts, bin) => {
    counts.forEach((n, pool) => {
      for (let i = 0; i < n; i++) arrivals.record(pool, bin * HISTORY_BIN_MS + 1000);
    });
    kept.take(arrivals.view((bin + 1) * HISTORY_BIN_MS));
  });
  kept.close();
  return kept;
}

describe("what live runs have counted", () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "headrace-history-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("is the next run's past, on the same grid; bins between two runs are interpolated", () => {
    const first = count(folder, WALL_MS, [
      [3, 0],
      [5, 1],
    ]);
    expect(first.knownBins).toBe(0);
    expect(first.epochMs).toBe(Date.UTC(2026, 0, 5, 8, 30));
    // Two bins were counted, then three went by.
    const second = count(folder, WALL_MS + 5 * HISTORY_BIN_MS, [[9, 9]]);
    expect(second.epochMs).toBe(Date.UTC(2026, 0, 5, 8, 55));
    expect(second.past.counts.map((counts) => Array.from(counts))).toEqual([
      [3, 5, 5, 5, 5],
      [0, 1, 1, 1, 1],
    ]);
    const third = count(folder, WALL_MS + 6 * HISTORY_BIN_MS, []);
    expect(Array.from(third.past.counts[0])).toEqual([3, 5, 6, 7, 8, 9]);
    // A clock that was set back must not write over what is there.
    expect(LiveHistory.open(folder, ["eu", "us/west"], WALL_MS - 86_400_000).knownBins).toBe(6);
  });

  it("begins with its first bin, wherever in a bin of the clock that is", () => {
    const kept = count(folder, Date.UTC(2026, 0, 5, 8, 34), [[2, 2]]);
    expect(kept.epochMs).toBe(Date.UTC(2026, 0, 5, 8, 35));
    const file = HistoryFile.open(join(folder, "eu.history"), 0, HISTORY_BIN_MS);
    file.close();
    expect(Array.from(file.past.values)).toEqual([2]);
  });

  it("passes at most four weeks on", () => {
    count(folder, WALL_MS, [[1, 1]]);
    const later = LiveHistory.open(folder, ["eu", "us/west"], WALL_MS + 60 * 86_400_000);
    expect(later.knownBins).toBe(28 * 288);
  });

  it("is refused where a file in the folder's place is something else", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => LiveHistory.open(join(folder, "file"), ["eu"], WALL_MS)).toThrow(InputError);
    writeFileSync(join(folder, "eu.history"), "no history\n".repeat(30));
    expect(() => LiveHistory.open(folder, ["eu"], WALL_MS)).toThrow(/no header of a history/);
  });

  it("skips a damaged line and reports it; keeps the lines that follow, and a copy of the file", () => {
    count(folder, WALL_MS, [[1], [2], [3], [4]]);
    const file = join(folder, "eu.history");
    const before = readFileSync(file, "utf8");
    const lines = before.split("\n");
    lines[2] = lines[2].replace("2", "7");
    writeFileSync(file, lines.join("\n"));
    const kept = LiveHistory.open(folder, ["eu", "us/west"], WALL_MS + 4 * HISTORY_BIN_MS);
    expect(Array.from(kept.past.counts[0])).toEqual([1, 2, 3, 4]);
    expect(kept.damages).toEqual([`${file}: lines skipped: 1 damaged (3); the file as it was is ${file}.bad`]);
    kept.close();
    expect(readFileSync(`${file}.bad`, "utf8")).toBe(lines.join("\n"));
    const again = LiveHistory.open(folder, ["eu", "us/west"], WALL_MS + 4 * HISTORY_BIN_MS);
    expect(again.damages).toEqual([]);
    again.close();
  });

  it("refuses a second writer, and a file that is no history", () => {
    const first = LiveHistory.open(folder, ["eu"], WALL_MS);
    expect(() => LiveHistory.open(folder, ["eu"], WALL_MS)).toThrow(/another run is writing/);
    first.close();
    LiveHistory.open(folder, ["eu"], WALL_MS).close();
    writeFileSync(join(folder, "eu.history"), "my notes");
    expect(() => LiveHistory.open(folder, ["eu"], WALL_MS)).toThrow(/no header of a history/);
    expect(readFileSync(join(folder, "eu.history"), "utf8")).toBe("my notes");
  });

  it("survives kill -9 of a run; the next trains on it in a worker, and its log replays byte for byte", async () => {
    const live = new LiveCommand(scenario);
    onTestFinished(() => live.dispose());
    const history = join(live.folder, "history");
    const args = ["--speed", "10000", "--history", history, "--json", "--quiet"];
    live.start(args);
    await until("a hundred bins", () => existsSync(join(history, "default.history")) && binsAtLeast(history, 100));
    live.process.kill("SIGKILL");
    await live.ended;
    const before = binsOf(history);
    expect(before.length).toBeGreaterThanOrEqual(100);
    expect(before.some((bin) => bin > 0)).toBe(true);

    expect(await live.run([...args, "--duration", "30h"]), live.messages).toBe(0);
    const lines = live.replayedLog().trimEnd().split("\n");
    const { past } = readHeader(lines[0], "run.jsonl");
    expect(Array.from(past?.counts[0] ?? []).slice(0, before.length)).toEqual(Array.from(before));
    const events = lines.slice(1).map((line) => JSON.parse(line) as { at: number; kind: string; failure?: string });
    const trained = events.filter((event) => event.kind === "trained");
    expect(trained.map((event) => event.failure)).toContain("");

    // What was written is what arrived: each request of the log in its bin.
    const after = binsOf(history).slice(past?.counts[0].length);
    expect(after.length).toBeGreaterThanOrEqual(30 * 12 - 1);
    const counted = new Float64Array(after.length);
    for (const { at, kind } of events) {
      const bin = Math.floor(at / HISTORY_BIN_MS);
      if (kind === "request" && bin < counted.length) counted[bin]++;
    }
    expect(Array.from(after)).toEqual(Array.from(counted));
  }, 240_000);
});

/** Without opening the file for writing: the run has it. */
function binsAtLeast(history: string, count: number): boolean {
  return readFileSync(join(history, "default.history"), "utf8").split("\n").length > count + 1;
}
