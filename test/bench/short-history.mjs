// How good are forecasts from 6 to 15 days of history? The forecasting bench's series, cut to
// that length before each origin: the ensemble against the naive forecast of a week and the
// classic Theta method, per series, at the next bin (L1), the first hour (L12) and a day (D).
//   node test/bench/short-history.mjs [--bench DIR] [--every N] [--days 6,8] [--only nasa,taxi]
//     [--leave-one-out] [--usual-errors]
// --leave-one-out takes the usual errors of the members from the other series (the two cranes, of
// one source, count as one); --usual-errors prints the table of
// src/control/forecast/usual-errors.ts. MASE by the bench's own scales. Needs a build (npx tsc
// -b).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BinHistory } from "../../dist/control/forecast/bin-history.js";
import { defaultMembers } from "../../dist/control/forecast/default-forecaster.js";
import { Ensemble } from "../../dist/control/forecast/ensemble.js";
import { leadsUpTo } from "../../dist/control/forecast/lead-ladder.js";
import { KNOTS, USUAL_ERRORS } from "../../dist/control/forecast/usual-errors.js";
import { readBench } from "../../dist/forecasting/bench.js";
import { classicTheta } from "./classic-theta.mjs";

const { values: flags } = parseArgs({
  options: {
    bench: { type: "string", default: "../shared/forecast-bench" },
    every: { type: "string", default: "1" },
    days: { type: "string", default: "6,8,10,12,15" },
    only: { type: "string" },
    "leave-one-out": { type: "boolean", default: false },
    "usual-errors": { type: "boolean", default: false },
  },
});
const LEADS = ["L1", "L12", "D"];
const RELATIVE_TO = "theta-day-sqrt";
const days = flags.days.split(",").map(Number);
const jobs = readJobs();
const means = new Map();

if (flags["usual-errors"]) {
  judgeMembers();
  for (const [name, errors] of usualErrors(() => true)) console.log(`  ["${name}", [${errors.join(", ")}]],`);
} else {
  if (flags["leave-one-out"]) judgeMembers();
  for (const job of jobs) judge(job);
  printTable();
}

function readJobs() {
  const meta = JSON.parse(readFileSync(join(flags.bench, "origins.json"), "utf8"));
  const wanted = flags.only?.split(",");
  const isWanted = ({ name }) => wanted === undefined || wanted.some((start) => name.startsWith(start));
  return readBench(flags.bench)
    .filter(isWanted)
    .flatMap((bench) => {
      const rows = readFileSync(join(flags.bench, `${bench.name}.csv`), "utf8")
        .trim()
        .split("\n")
        .slice(1);
      const known = bench.series.values.map((value, t) => (rows[t].endsWith(",1") ? value : Number.NaN));
      const origins = bench.origins.filter((_, i) => i % Number(flags.every) === 0);
      return days.flatMap((length) =>
        origins
          .filter((origin) => origin >= length * bench.horizon)
          .map((origin) => ({ bench, origin, length, known, scale: meta[bench.name].scale })),
      );
    });
}

function past({ bench, origin, length }) {
  const { startMs, binMs, values } = bench.series;
  const from = origin - length * bench.horizon;
  return { startMs: startMs + from * binMs, binMs, values: values.slice(from, origin) };
}

function judge(job) {
  const { bench, length } = job;
  const series = past(job);
  const m = bench.horizon;
  const others = (name) => name.slice(0, 5) !== bench.name.slice(0, 5);
  const table = flags["leave-one-out"] ? usualErrors(others) : USUAL_ERRORS;
  const ensemble = new Ensemble("ensemble", defaultMembers(), { usual: table });
  ensemble.fit(series);
  note("ensemble", job, ensemble.forecast(m, [0.5]).quantiles[0]);
  note("theta", job, classicTheta(series.values, m, m));
  if (length >= 7) note("week", job, series.values.slice(-7 * m, -6 * m));
}

/** Adds the scaled absolute error of one forecast to the means of its method at each lead. */
function note(method, job, said) {
  const m = job.bench.horizon;
  [1, m === 24 ? 6 : 12, m].forEach((bins, i) => {
    add(`${method} ${LEADS[i]}`, job, said, 1, bins);
  });
}

function add(what, { bench, origin, length, known, scale }, said, first, last) {
  let error = 0;
  let count = 0;
  for (let lead = first; lead <= last; lead++) {
    const off = Math.abs(known[origin + lead - 1] - said[lead - 1]);
    if (Number.isNaN(off)) continue;
    error += off / scale;
    count++;
  }
  if (count === 0) return;
  const key = `${what} ${length} ${bench.name}`;
  const mean = means.get(key) ?? { sum: 0, count: 0 };
  means.set(key, { sum: mean.sum + error / count, count: mean.count + 1 });
}

function meanOf(what, length, name) {
  const mean = means.get(`${what} ${length} ${name}`);
  return mean === undefined ? undefined : mean.sum / mean.count;
}

function judgeMembers() {
  for (const job of jobs) {
    const { startMs, binMs, values } = past(job);
    const history = new BinHistory(startMs, binMs);
    for (const value of values) history.append(value);
    const m = job.bench.horizon;
    const said = new Float64Array(m);
    for (const member of defaultMembers()) {
      if (member.minimumBins(history.season) > history.length) continue;
      member.restore(history, member.learn(history, history.length));
      member.predict(history, history.length, leadsUpTo(m), said);
      KNOTS.forEach((knot, k) => {
        const lead = (place) => Math.exp(place * Math.log(m));
        const first = knot === 0 ? 1 : Math.ceil(lead(knot - 0.12));
        const last = knot === 0 ? 1 : Math.floor(Math.min(m, lead(knot + 0.12)));
        add(`${member.name} ${k}`, job, said, first, last);
      });
    }
  }
}

/**
 * The usual errors of each member over the series that `isTaken`: Map(name → error per knot
 * relative to RELATIVE_TO).
 */
function usualErrors(isTaken) {
  const names = [...new Set(jobs.map((job) => job.bench.name))].filter(isTaken);
  const ofMember = (member, k) => {
    const ratios = names.flatMap((name) =>
      days.flatMap((length) => {
        const error = meanOf(`${member} ${k}`, length, name);
        return error === undefined ? [] : [error / meanOf(`${RELATIVE_TO} ${k}`, length, name)];
      }),
    );
    return Math.round(100 * geometric(ratios)) / 100;
  };
  return new Map(defaultMembers().map(({ name }) => [name, KNOTS.map((_, k) => ofMember(name, k))]));
}

function printTable() {
  const names = [...new Set(jobs.map((job) => job.bench.name))];
  const short = names.map((name) => name.split("_")[0].slice(0, 8).padStart(9)).join("");
  console.log(`days lead  ensemble    week   theta  ratio${short}   (per series: ratio to the better reference)`);
  for (const length of days) {
    for (const lead of LEADS) {
      const there = names.filter((name) => meanOf(`ensemble ${lead}`, length, name) !== undefined);
      const overall = (method) => geometric(there.map((name) => meanOf(`${method} ${lead}`, length, name)));
      const references = length >= 7 ? ["week", "theta"] : ["theta"];
      const ratios = names.map((name) => {
        const best = Math.min(...references.map((method) => meanOf(`${method} ${lead}`, length, name) ?? Number.NaN));
        return meanOf(`ensemble ${lead}`, length, name) / best;
      });
      const best = Math.min(...references.map(overall));
      const cells = [overall("ensemble"), length >= 7 ? overall("week") : Number.NaN, overall("theta")].map((value) =>
        shown(value),
      );
      const each = ratios.map((ratio) => shown(ratio, 2).padStart(9)).join("");
      const ratio = shown(overall("ensemble") / best);
      console.log(
        `${String(length).padStart(4)} ${lead.padEnd(4)}  ` +
          `${cells.map((c) => c.padStart(8)).join("")}${ratio.padStart(7)}${each}`,
      );
    }
  }
}

function shown(value, digits = 3) {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}

function geometric(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
