import { describe, expect, it } from "vitest";
import { LeadRecord } from "../../../src/control/forecast/lead-record.js";
import { LeadRecords } from "../../../src/control/forecast/lead-records.js";
import { usualError } from "../../../src/control/forecast/usual-errors.js";

const RUNGS = [1, 2, 8];
const DAY_BINS = 16;
const MODELS = [{ name: "calm" }, { name: "weekly", isWeekly: true }, { name: "daily", isWeekly: false }];
const TABLE = new Map([
  ["calm", [1, 1.1, 1.2, 1.3]],
  ["weekly", [1.5, 1.2, 0.9, 0.8]],
]);

const spreadOf = (point: number): number => Math.sqrt(1 + point);

function recordsOf(table = TABLE): LeadRecords {
  return new LeadRecords({ rungs: Int32Array.from(RUNGS), dayBins: DAY_BINS }, MODELS, 100, table);
}

/** The forecast of model m at `end` for rung j. */
const issued = (end: number, m: number, j: number): number => 40 + ((7 * end + 3 * m + 5 * j) % 11);

const observed = (t: number): number => 43 + ((5 * t) % 7);

/** Notes and judges 60 ends; returns one record per rung that was given the same. */
function played(records: LeadRecords): LeadRecord[] {
  const alone = RUNGS.map((lead) => {
    const usual = Float64Array.from(MODELS, ({ name }) => usualError(TABLE, name, lead, DAY_BINS));
    return new LeadRecord(lead, usual, Uint8Array.of(0, 1, 0), 100);
  });
  for (let end = 0; end < 60; end++) {
    MODELS.forEach((_, m) => {
      RUNGS.forEach((_, j) => {
        records.row(m)[j] = issued(end, m, j);
      });
    });
    records.note(end);
    records.mature(end, observed(end), 1);
    alone.forEach((record, j) => {
      record.note(
        end,
        Float64Array.from(MODELS, (_, m) => issued(end, m, j)),
        1,
        0,
        spreadOf,
      );
      record.mature(end, observed(end), 1);
    });
  }
  return alone;
}

describe("the records of several leads", () => {
  it("give each lead the record that its own forecasts make, with the usual errors at that lead", () => {
    const records = recordsOf();
    const alone = played(records);
    expect(records.save()).toEqual(alone.map((record) => record.save()));
  });

  it("interpolate weights between rungs by the logarithm of the lead: 4 lies half-way from 2 to 8", () => {
    const records = recordsOf();
    const alone = played(records);
    MODELS.forEach((_, m) => {
      const weights = alone.map((record) => record.weights[m]);
      expect(records.weight(m, 1)).toBe(weights[0]);
      expect(records.weight(m, 2)).toBe(weights[1]);
      expect(records.weight(m, 4)).toBeCloseTo((weights[1] + weights[2]) / 2, 12);
      expect(records.weight(m, 8)).toBe(weights[2]);
      expect(records.weight(m, 500)).toBe(weights[2]);
    });
  });

  it("shift the mean by the mean residual, in units of √(1 + point), and never below 0", () => {
    const records = recordsOf();
    const [one, two, eight] = played(records).map((record) => record.residuals.mean);
    expect(records.mean(24, 1)).toBeCloseTo(24 + 5 * one, 9);
    expect(records.mean(24, 4)).toBeCloseTo(24 + (5 * (two + eight)) / 2, 9);
    expect(records.mean(24, 9)).toBeCloseTo(24 + 5 * eight, 9);
    const low = recordsOf();
    low.row(0).fill(100);
    low.note(0);
    low.mature(0, 0, 1);
    expect(low.mean(0, 1)).toBe(0);
  });

  it("have before any residual quantiles of twice the Poisson scatter and 30 % of the level", () => {
    const records = recordsOf();
    // √(1 + 99) = 10. The logistic quantile of 0.9 is ln 9; 1.702 logistic units are a normal one.
    expect(records.quantile(99, 4, 0.9)).toBeCloseTo(99 + 10 * (Math.log(9) / 1.702) * (2 + 0.3 * 10), 9);
    expect(records.quantile(99, 8, 0.5)).toBe(99);
    expect(records.quantile(99, 1, 0.1)).toBeCloseTo(Math.max(0, 99 - 10 * (Math.log(9) / 1.702) * 5), 9);
    expect(records.quantile(3, 1, 0.05)).toBe(0);
  });

  it("interpolate quantiles between rungs, too", () => {
    const records = recordsOf();
    const alone = played(records);
    const assumed = (Math.log(0.75 / 0.25) / 1.702) * (2 + 0.3 * 7);
    const [one, two, eight] = alone.map((record) => record.residuals.quantile(0.75, assumed));
    expect(records.quantile(48, 1, 0.75)).toBeCloseTo(48 + 7 * one, 9);
    expect(records.quantile(48, 4, 0.75)).toBeCloseTo(48 + (7 * (two + eight)) / 2, 9);
    expect(records.quantile(48, 100, 0.75)).toBeCloseTo(48 + 7 * eight, 9);
  });

  it("take forecasts out of a longer row, too, and judge only the models if that is asked for", () => {
    const [a, b] = [recordsOf(), recordsOf()];
    const { size } = a;
    expect(size).toBe(9);
    const row = new Float64Array(2 + size);
    for (let end = 0; end < 20; end++) {
      MODELS.forEach((_, m) => {
        RUNGS.forEach((_, j) => {
          a.row(m)[j] = issued(end, m, j);
          row[2 + 3 * m + j] = issued(end, m, j);
        });
      });
      a.note(end);
      b.noteFrom(end, row, 2);
      a.mature(end, observed(end), 1);
      b.matureModels(end, observed(end), 1);
    }
    // Errors are the same; residuals were kept in `a` only, until they start anew.
    expect(b.mean(24, 1)).toBe(24);
    expect(a.mean(24, 1)).not.toBe(24);
    a.startResidualsAnew();
    b.startResidualsAnew();
    const [savedA, savedB] = [a, b].map((records) => records.save());
    savedA.forEach((saved) => {
      // Bins behind the residuals: 0.
      expect(saved[3]).toBe(0);
    });
    expect(savedB).toEqual(savedA);
    expect(a.mean(24, 1)).toBe(24);
  });

  it("give the same after they were saved and loaded", () => {
    const records = recordsOf();
    played(records);
    const copy = recordsOf();
    copy.load(records.save());
    expect(copy.save()).toEqual(records.save());
    expect(copy.quantile(30, 5, 0.9)).toBe(records.quantile(30, 5, 0.9));
  });

  it("know the usual errors of the shipped models if no others are given", () => {
    const leads = { rungs: Int32Array.of(1), dayBins: DAY_BINS };
    const records = new LeadRecords(leads, [{ name: "theta-day-sqrt" }, { name: "last-value" }], 100);
    // Errors of 1 and 1.46: by inverse cubes, and a tenth of the weight evenly.
    expect(records.weight(0, 1)).toBeCloseTo(0.05 + 0.9 / (1 + 1 / 1.46 ** 3), 5);
  });
});
