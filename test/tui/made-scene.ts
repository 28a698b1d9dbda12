import { RandomStreams } from "../../src/base/random.js";
import { ALL_POOLS, RunHistory } from "../../src/tui/history/run-history.js";
import { BOXES, initialState, type Overlay, type UiState } from "../../src/tui/state/ui-state.js";
import { POOL_COLUMNS } from "../../src/tui/views/pool-columns.js";
import type { Scene } from "../../src/tui/views/scene.js";
import type { RunFacts } from "../../src/world/watch/run-facts.js";
import { FIGURES, Figure, type Sample, streamletCell } from "../../src/world/watch/sample.js";
import { WAIT_BUCKETS } from "../../src/world/watch/wait-buckets.js";

/** Narrow, wide, composed, joined, right to left, and what must never reach a terminal. */
const NAMES = [
  "eu",
  "東京リージョン",
  "sa\u0303o-paulo",
  "👩‍💻 dev",
  "مكة",
  "evil\x1b[2Jname\u0007",
  "a\tb",
  "ｗｉｄｅ",
];
const REASONS = [
  "forecast-rise",
  "above-target",
  "ターゲット超過",
  "a reason that is far too long for any box of a terminal",
];
const DURATION_MS = 6 * 3_600_000;

type Draw = (below: number) => number;

/** A scene made at random, the same for the same number: any state that the boxes may meet. */
export function madeScene(number: number): Scene {
  const random = new RandomStreams(number, 0).named("scene");
  const draw: Draw = (below) => Math.floor(random.uniform() * below);
  const pools = 1 + draw(6);
  const bins = draw(60);
  const sides = Array.from({ length: 1 + draw(2) }, (_, i) =>
    madeHistory(draw, pools, bins, `policy-${i} ${NAMES[draw(NAMES.length)]}`),
  );
  return {
    kind: (["simulation", "recording", "live"] as const)[draw(3)],
    sides,
    others: ["hpa"],
    ui: madeUi(draw, pools),
    endMs: DURATION_MS,
    takesActions: draw(2) === 0,
    trouble: draw(5) === 0 ? "the connection is lost: trying again" : "",
  };
}

function madeFacts(pools: number, policy: string): RunFacts {
  return {
    scenario: "made 例",
    policy,
    seed: 7,
    epochMs: Date.UTC(2026, 0, 5),
    durationMs: DURATION_MS,
    warmupMs: 600_000,
    slo: {
      startLatency: { probability: 0.99, boundMs: 200 },
      rejectedRatio: 0.001,
      abandonedRatio: undefined,
      interruptedRatio: 0.01,
      days: 0.95,
    },
    pools: Array.from({ length: pools }, (_, i) => ({
      name: NAMES[i],
      region: NAMES[i],
      formats: ["mpegts"],
      slots: 4 + i,
      max: i % 2 === 0 ? Number.POSITIVE_INFINITY : 50,
    })),
    subjects: NAMES.slice(0, pools),
    homes: [0],
    fleetMax: 500,
  };
}

function madeHistory(draw: Draw, pools: number, bins: number, policy: string): RunHistory {
  const facts = madeFacts(pools, policy);
  const history = new RunHistory(facts, DURATION_MS / 60);
  const counts = facts.pools.map(() => new Float64Array(FIGURES));
  const waits = facts.pools.map(() => new Uint32Array(WAIT_BUCKETS));
  for (let bin = 0; bin <= bins; bin++) history.add(madeSample(draw, facts, counts, waits, (bin * DURATION_MS) / 60));
  return history;
}

function madeSample(draw: Draw, facts: RunFacts, counts: Float64Array[], waits: Uint32Array[], atMs: number): Sample {
  const pool = (): number => draw(facts.pools.length);
  counts.forEach((figures, p) => {
    for (let figure = 0; figure < FIGURES; figure++)
      figures[figure] = figure < Figure.arrivals ? draw(120) : figures[figure] + draw(9);
    waits[p][draw(WAIT_BUCKETS)] += draw(50);
  });
  const decision = {
    atMs,
    pool: pool(),
    wanted: draw(90),
    desired: draw(60),
    reason: REASONS[draw(REASONS.length)],
    refusal: draw(4) === 0 ? "above-max" : "",
    open: 1,
    waiting: 0,
    ready: 3,
    spawning: 0,
    details: { expectedOpen: draw(100), horizonMs: 1500 },
  };
  const row = (by: number): Float64Array => Float64Array.from({ length: 12 }, () => by + draw(30));
  return {
    atMs,
    figures: counts.map((figures) => figures.slice()),
    waits: waits.map((one) => one.slice()),
    streamlets: facts.pools.map(() => {
      const places = draw(90);
      return {
        ids: Float64Array.from({ length: places }, (_, i) => i),
        cells: Uint8Array.from({ length: places }, () => streamletCell(draw(5) as 0 | 1 | 2 | 3 | 4, draw(9), 8)),
      };
    }),
    lastDecisions: facts.subjects.map((_, s) => (s === decision.pool ? decision : undefined)),
    outlooks: facts.pools.map(() => ({
      fromMs: atMs,
      binMs: 300_000,
      forecast: { mean: row(30), levels: [0.1, 0.9], quantiles: [row(0), row(60)] },
    })),
    violatingMinutes: Array.from({ length: draw(9) }, (_, i) => i * 11),
    losses: [
      ["interrupted: crashed", draw(1000)],
      ["rejected: waiting-room-full", draw(5)],
    ],
    newDecisions: [decision],
    newFaults: draw(6) === 0 ? [{ atMs, pool: pool(), reason: "crashed", streams: draw(9) }] : [],
  };
}

function madeUi(draw: Draw, pools: number): UiState {
  const overlays: readonly Overlay[] = [
    { kind: "none" },
    { kind: "none" },
    { kind: "none" },
    { kind: "help", page: draw(4) },
    { kind: "why" },
    { kind: "command", text: "at 19:42" },
    { kind: "search", text: "超過" },
    { kind: "confirm", action: "terminate", id: 12 },
  ];
  return {
    ...initialState(draw(2) === 0, draw(8)),
    cursorMs: (DURATION_MS * draw(101)) / 100,
    boxes: draw(3) === 0 ? BOXES.filter(() => draw(2) === 0) : undefined,
    zoomed: draw(5) === 0 ? BOXES[draw(BOXES.length)] : undefined,
    pool: draw(3) === 0 ? draw(pools) : ALL_POOLS,
    order: { column: draw(POOL_COLUMNS.length + 1) - 1, direction: draw(2) === 0 ? "down" : "up" },
    window: draw(4),
    side: draw(2),
    pointer: { pool: draw(pools), place: draw(20) },
    overlay: overlays[draw(overlays.length)],
    search: draw(4) === 0 ? "rise" : "",
    message: draw(6) === 0 ? "no later violation" : "",
  };
}
