import { describe, expect, it } from "vitest";
import { decisionReasons } from "../../src/ports/reasons.js";
import { ALL_POOLS, RunHistory } from "../../src/tui/history/run-history.js";
import { simulatedRun } from "../../src/tui/source/simulated-run.js";
import { SteppedSource } from "../../src/tui/source/stepped-source.js";
import { keysFor } from "../../src/tui/state/key-table.js";
import { onKey } from "../../src/tui/state/keys.js";
import { initialState, SPEEDS, type UiState } from "../../src/tui/state/ui-state.js";
import { budgetsAt } from "../../src/tui/views/budget.js";
import { firstDivergence } from "../../src/tui/views/divergence.js";
import { frameOf, frameText } from "../../src/tui/views/frame.js";
import { POOL_COLUMNS } from "../../src/tui/views/pool-columns.js";
import type { Scene } from "../../src/tui/views/scene.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { FIGURES, Figure } from "../../src/world/watch/sample.js";
import { madeScene } from "./made-scene.js";
import { smallWorld } from "./small-world.js";

const HOUR_MS = 3_600_000;
const [hpa, squareRoot, predictive] = smallWorld.policies;
const makers = new Map([[squareRoot.name, () => simulatedRun(smallWorld, squareRoot, noUserModules)]]);

function wholeRun(policy = hpa): SteppedSource {
  const source = new SteppedSource("recording", simulatedRun(smallWorld, policy, noUserModules), makers);
  source.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  source.refresh();
  return source;
}

function sceneOf({ kind, sides, others, endMs }: SteppedSource, ui: UiState): Scene {
  return { kind, sides, others, ui, endMs, takesActions: false, trouble: "" };
}

function screen(source: SteppedSource, ui: Partial<UiState> = {}, width = 80, height = 24): string {
  const state = { ...initialState(false, SPEEDS.indexOf(1000), 3 * HOUR_MS), ...ui };
  return frameText(frameOf(sceneOf(source, state), width, height));
}

const source = wholeRun();
const [history] = source.sides;

describe("a frame", () => {
  it("at 80 × 24 says where, how much, and which keys", () => {
    const shown = screen(source).split("\n");
    expect(shown).toHaveLength(24);
    expect(shown[0]).toMatch(/^ small {2}hpa {2}seed 5 +03:00:00 {2}‖ paused 50 %$/);
    const bin = history.binsUntil(3 * HOUR_MS) - 1;
    const wanted = history.level(Figure.open, ALL_POOLS, bin) + history.level(Figure.waiting, ALL_POOLS, bin);
    expect(shown[1]).toContain(`wanted ${wanted} ─ ready ${history.level(Figure.ready, ALL_POOLS, bin) * 4}`);
    expect(shown[23]).toMatch(/^ q quit {2}space pause {2}\? help/);
    expect(shown.join("\n")).toMatch(/default mpegts? |default /);
  });

  it.each([80, 200])("has help in which no line is cut at %i columns", (width) => {
    const shown = screen(source, { overlay: { kind: "help", page: 0 } }, width, width === 80 ? 24 : 60);
    for (const { long } of keysFor("recording")) expect(shown).toContain(long);
    expect(shown).toContain("any key closes this");
  });

  it("shows help in pages where the terminal is small, and every word of it", () => {
    const size = { width: 40, height: 10 };
    const pages: string[] = [];
    let ui: UiState = { ...initialState(false, 0), size, overlay: { kind: "help", page: 0 } };
    while (ui.overlay.kind === "help" && pages.length < 20) {
      pages.push(screen(source, ui, size.width, size.height));
      ui = onKey(sceneOf(source, ui), { text: " " }).ui;
    }
    expect(pages[0]).toContain("Keys 1 of");
    expect(pages.at(-1)).toContain("any key closes this");
    const words = pages.join(" ").split(/\s+/);
    for (const { long } of keysFor("recording")) expect(words).toEqual(expect.arrayContaining(long.split(" ")));
  });

  it("says on a terminal that is too small what is needed, and how to leave", () => {
    expect(screen(source, {}, 10, 5).trim().split(/\s+/).join(" ")).toBe("q quits. 40 × 10 cells are needed");
  });

  it("at 200 × 60 has all seven boxes", () => {
    const shown = screen(source, {}, 200, 60);
    for (const title of [
      "1 demand",
      "2 pools",
      "3 streamlets",
      "4 start latency",
      "5 arrivals,",
      "6 decisions",
      "7 losses",
    ])
      expect(shown).toContain(` ${title}`);
  });

  it.each([80, 100, 200])("names the SLO beside the start latency, and the ceiling, at %i columns", (width) => {
    const shown = screen(source, {}, width, width === 200 ? 60 : 24);
    expect(shown).toMatch(/ p99 [\d.]+ m?s [≤>] (SLO )?200 ms ─/);
    expect(shown).toMatch(/ ╌ ceiling 240 ─/);
    expect(shown).toMatch(/late starts [\d,.k]+ of \d+/);
  });

  it("at 40 × 10 has one box in a row: demand, then the start latency against the SLO", () => {
    const shown = screen(source, {}, 40, 10);
    expect(shown).toMatch(/ 1 demand ─+ ⣿ [\d,]+ ─ [\d,]+ ╌ 240 ─/);
    expect(shown).toMatch(/ 4 start latency ─+ p99 [\d.]+ m?s [≤>] 200 ms ─/);
    expect(shown).toContain("no room for");
  });

  it("sorts the pools by a column, which then is shown however narrow the box is", () => {
    for (let number = 0; number < 40; number++) {
      const scene = { ...madeScene(number), trouble: "" };
      const [side] = scene.sides;
      const { pools } = side.facts;
      const column = number % POOL_COLUMNS.length;
      const { name, text, value } = POOL_COLUMNS[column];
      for (const direction of ["down", "up"] as const) {
        const ui: UiState = {
          ...scene.ui,
          overlay: { kind: "none" },
          zoomed: "pools",
          pool: ALL_POOLS,
          side: 0,
          order: { column, direction },
        };
        const cells = frameOf({ ...scene, ui }, 60, 24);
        // A sign of two columns has an empty second one: it keeps the columns below each other.
        const row = (y: number): string =>
          Array.from(cells.chars.slice(y * 60, (y + 1) * 60), (char) => char[0] ?? " ").join("");
        const rows = Array.from({ length: 23 }, (_, y) => row(y + 1));
        expect(rows[0]).toContain(`by ${name} ${direction === "down" ? "↓" : "↑"}`);
        const right = rows[1].indexOf(name) + name.length;
        const values = pools.map(({ slots }, pool) =>
          value(side.at(ui.cursorMs)?.figures[pool] ?? new Float64Array(FIGURES), slots),
        );
        const known = values.filter((one) => !Number.isNaN(one)).sort((a, b) => (direction === "down" ? b - a : a - b));
        const shown = rows.slice(2, 2 + known.length).map((row) => row.slice(0, right).split(" ").at(-1));
        expect(shown).toEqual(known.map((one) => text(one)));
      }
    }
  });

  it("says that the forecast band of several pools is a sum, and of one pool is its own", () => {
    const scene = Array.from({ length: 40 }, (_, number) => madeScene(number)).find(
      ({ sides }) => sides[0].facts.pools.length > 1 && sides[0].length > 0,
    );
    if (scene === undefined) throw new Error("no made scene has several pools");
    const ui: UiState = { ...scene.ui, overlay: { kind: "none" }, zoomed: "forecast", side: 0 };
    const shown = (pool: number): string => frameText(frameOf({ ...scene, ui: { ...ui, pool } }, 120, 24));
    expect(shown(ALL_POOLS)).toContain("┄ 10–90 % of each pool, added");
    expect(shown(0)).toMatch(/┄ 10–90 % ─/);
  });

  it("lists the last decisions at the cursor with their reasons, and nothing later", () => {
    const shown = screen(source, { zoomed: "decisions" });
    const last = history.decisions.filter(({ atMs }) => atMs <= 3 * HOUR_MS).at(-1);
    expect(shown.split("\n")[2]).toContain(`${last?.desired} ${last?.reason}`);
    expect(shown).not.toMatch(/0[345]:[0-5]\d:[1-9]\d +\d/);
  });

  it("counts losses by cause as the run has them at its end", () => {
    const shown = screen(source, { cursorMs: source.endMs, zoomed: "losses" });
    const abandoned = history.count(Figure.abandoned, ALL_POOLS, 0, history.length);
    expect(abandoned).toBeGreaterThan(0);
    expect(shown).toMatch(new RegExp(` ${abandoned} abandoned: waited too long`));
    expect(shown).toMatch(/× 0\d:\d\d:\d\d crashed: \d cut/);
  });

  it("shows a streamlet for each that is alive, by state", () => {
    const shown = screen(source, { zoomed: "streamlets" });
    const signs =
      shown
        .split("\n")
        .slice(2, 22)
        .join("")
        .match(/[·▁▂▃▄▅▆▇█+xo]/g) ?? [];
    const bin = history.binsUntil(3 * HOUR_MS) - 1;
    const alive = [Figure.ready, Figure.spawning, Figure.draining].reduce<number>(
      (sum, one) => sum + history.level(one, ALL_POOLS, bin),
      0,
    );
    expect(signs).toHaveLength(alive);
  });

  it("explains the decision at the cursor with what the policy saw", () => {
    const shown = screen(source, { overlay: { kind: "why" } });
    expect(shown).toContain("Why hpa chose what it chose, at 03:00:00");
    expect(shown).toMatch(/default at 0[0-3]:\d\d:\d\d: \d+ streamlets?, because: [a-z-]+/);
    const reason = /because: ([a-z-]+)/.exec(shown)?.[1] ?? "";
    expect(shown).toContain(new Map(Object.entries(decisionReasons)).get(reason));
    expect(shown).toMatch(/It saw \d+ open, \d+ waiting; \d+ ready, \d+ spawning/);
  });

  it("draws the forecast of a policy that has one, and says so for one that has none", () => {
    expect(screen(source, { zoomed: "forecast" })).toContain("hpa has made no forecast here");
    const shown = screen(wholeRun(predictive), { zoomed: "forecast" });
    expect(shown).toMatch(/[\d.]+\/s│/);
    expect(shown).toMatch(/[⣀-⣿]{10}/);
  });

  it("puts a second run beside the first, and marks where they part", () => {
    const both = wholeRun();
    both.setBeside("square-root");
    both.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    both.refresh();
    const shown = screen(both, {}, 200, 60);
    expect(shown).toMatch(/ small {2}hpa \| square-root /);
    expect(shown).toContain("◆");
    const parted = firstDivergence(both.sides);
    expect(parted?.desired[0]).not.toBe(parted?.desired[1]);
    expect(screen(both, { side: 1, overlay: { kind: "why" } })).toContain("Why square-root chose");
  });

  it("says so where it is too small, or a box has no room", () => {
    expect(screen(source, {}, 36, 8)).toContain("40 × 10 cells are needed");
    expect(screen(source, {}, 80, 12)).toMatch(/no room for (latency|decisions)/);
  });
});

describe("budgets", () => {
  it("are those of the SLO, used as far as the cursor", () => {
    const [minutes, late, rejected] = budgetsAt(history, source.endMs);
    expect(minutes.text).toBe(`${history.violatingMinutes.length} so far`);
    expect(late.usedShare).toBeCloseTo(
      history.count(Figure.slow, ALL_POOLS, 0, history.length) /
        (0.01 * history.count(Figure.served, ALL_POOLS, 0, history.length)),
      6,
    );
    expect(rejected).toMatchObject({ what: "rejected", usedShare: 0 });
    expect(budgetsAt(history, 0)[1].usedShare).toBe(0);
  });
});

describe("a history that is full", () => {
  it("makes two bins one, and loses no count", () => {
    const run = simulatedRun(smallWorld, hpa, noUserModules);
    const fine = new RunHistory({ ...run.facts, durationMs: Number.POSITIVE_INFINITY }, 1000);
    for (let atMs = 0; atMs <= 2 * HOUR_MS; atMs += 1000) {
      run.runTo(atMs);
      fine.add(run.sample());
    }
    expect(fine.binMs).toBe(4000);
    expect(fine.length).toBe(1800);
    expect(fine.count(Figure.arrivals, ALL_POOLS, 0, fine.length)).toBe(
      fine.at(2 * HOUR_MS)?.figures[0][Figure.arrivals],
    );
  });
});
