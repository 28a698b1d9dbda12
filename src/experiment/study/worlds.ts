import { join } from "node:path";
import { formatInstant } from "../../base/calendar.js";
import { RandomStream } from "../../base/random.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { parseScenario } from "../scenario-file.js";
import type { StudyArm } from "./arms.js";

/** Where the traffic of a world comes from. */
export interface StudyTraffic {
  readonly key: string;
  readonly title: string;
  /** As in a scenario, without `rate`; `file` is relative to the traces' folder. */
  readonly source: Readonly<Record<string, unknown>>;
  readonly days: number;
}

/** The traffic, and how long a streamlet takes to spawn. */
export interface StudyWorld {
  readonly traffic: StudyTraffic;
  readonly spawn: string;
}

const DAY_MINUTES = 1440;
/** A Monday. */
const FLASH_START_MS = Date.UTC(2026, 0, 5);
export const FLASH_FILE = "flash-crowds-unannounced.csv";
export const GARBAGE_FILE = "garbage-history.csv";
/** Open streams in the mean: 3.33/s × 10 min. */
const RATE = "3.3333333/s";

function trace(key: string, title: string, file: string, start: string): StudyTraffic {
  return { key, title, source: { source: "trace", file, start, history: "14d" }, days: 4 };
}

/**
 * Five public traces. Rows before the judged days are history. The policy was developed on other
 * days of the first two (10–13 August 1995; 22–25 June 1998). The other three were not looked at
 * before they were judged.
 */
export const studyTraces: readonly StudyTraffic[] = [
  trace("nasa", "NASA web server, 24–27 August 1995", "nasa_http_1min.csv", "1995-08-24T00:00:00Z"),
  trace("worldcup", "World Cup web site, 7–10 July 1998", "worldcup98_1min.csv", "1998-07-07T00:00:00Z"),
  trace("crane9", "Crane production metric 9, 20–23 October 2021", "crane9_1min.csv", "2021-10-20T00:00:00Z"),
  trace("crane13", "Crane production metric 13, 20–23 October 2021", "crane13_1min.csv", "2021-10-20T00:00:00Z"),
  trace("wikipedia", "German Wikipedia, 16–19 July 2009", "wikipedia_de_2009_1h.csv", "2009-07-16T00:00:00Z"),
];

/** Traces that ship, for the small study: a day each. */
export const shippedTraces: readonly StudyTraffic[] = [
  {
    key: "two-weeks",
    title: "Two weeks, the last day",
    source: { source: "trace", file: "two-weeks.csv", history: "14d" },
    days: 1,
  },
  {
    key: "flash-crowds",
    title: "Flash crowds, the last day",
    source: { source: "trace", file: "flash-crowds.csv", history: "14d" },
    days: 1,
  },
];

/** Nothing to learn: white noise, and flash crowds that no history announces (`flashCrowdCsv`). */
export const unannounced: readonly StudyTraffic[] = [
  { key: "white", title: "White noise", source: { source: "poisson", history: "14d" }, days: 4 },
  {
    key: "flash",
    title: "Unannounced flash crowds",
    source: { source: "trace", file: FLASH_FILE, history: "14d" },
    days: 4,
  },
  {
    key: "garbage",
    title: "A forecaster fed with garbage",
    source: { source: "trace", file: GARBAGE_FILE, history: "14d" },
    days: 4,
  },
];

/**
 * A misleading history, then a quiet world. In the history the level jumps every half hour to
 * between nothing and four times the rate, and minutes scatter about it from nothing to twice. The
 * four judged days are a sinusoid, which the history lacks.
 */
export function garbageHistoryCsv(): string {
  const random = new RandomStream("policy-study/garbage");
  const perMinute = new Float64Array(18 * DAY_MINUTES);
  let level = 1;
  for (let minute = 0; minute < 14 * DAY_MINUTES; minute++) {
    if (minute % 30 === 0) level = 4 * random.uniform();
    perMinute[minute] = 100 * level * random.uniform() * 2;
  }
  for (let minute = 14 * DAY_MINUTES; minute < perMinute.length; minute++)
    perMinute[minute] = 100 * (1 + 0.6 * Math.sin((2 * Math.PI * minute) / DAY_MINUTES));
  return csvOf(perMinute);
}

/**
 * Fourteen flat days, then four with one flash crowd each: three to five times the rate, from one
 * minute to the next, for half an hour to two hours.
 */
export function flashCrowdCsv(): string {
  const random = new RandomStream("policy-study/flash-crowds");
  const perMinute = new Float64Array(18 * DAY_MINUTES).fill(100);
  for (let day = 14; day < 18; day++) {
    const start = day * DAY_MINUTES + 180 + random.integerBelow(DAY_MINUTES - 360);
    const factor = 3 + 2 * random.uniform();
    perMinute.fill(100 * factor, start, start + 30 + random.integerBelow(90));
  }
  return csvOf(perMinute);
}

function csvOf(perMinute: Float64Array): string {
  const rows = Array.from(
    perMinute,
    (value, minute) => `${formatInstant(FLASH_START_MS + minute * 60_000)},${value.toFixed(1)}`,
  );
  return `timestamp,value\n${rows.join("\n")}\n`;
}

/** The scenario of a world with the policies of some arms, which must share a balancer. */
export async function studyScenario(
  world: StudyWorld,
  arms: readonly StudyArm[],
  folder: string,
  replications: number,
): Promise<Scenario> {
  const { key, source, days } = world.traffic;
  const file = source.file === undefined ? {} : { file: join(folder, String(source.file)) };
  const document = {
    name: `${key}-${world.spawn}`,
    seed: 1,
    duration: `${days}d`,
    warmup: "2h",
    replications,
    traffic: { ...source, ...file, rate: RATE },
    streams: {
      holding: { kind: "lognormal", mean: "10min", cv: 1.5 },
      patience: { kind: "constant", value: "10s" },
    },
    fleet: { streamlet: { slots: 8, spawn: { kind: "constant", value: world.spawn } } },
    balancer: arms[0].balancer,
    policies: arms.map((arm) => ({ name: arm.name, ...arm.policy })),
    // A minute violates when more than 1 % of its arrivals wait longer than 200 ms or are lost.
    slo: { startLatencyP99: "200ms", rejectedRatio: 0.01, abandonedRatio: 0.01 },
    cost: { streamletHour: 1 },
  };
  return parseScenario(`${document.name}.yaml`, JSON.stringify(document));
}
