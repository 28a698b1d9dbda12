import { describe, expect, it } from "vitest";
import { simulatedRun } from "../../src/tui/source/simulated-run.js";
import { SteppedSource } from "../../src/tui/source/stepped-source.js";
import { runCommand } from "../../src/tui/state/command-line.js";
import type { KeyPress } from "../../src/tui/state/key-press.js";
import { KEYS } from "../../src/tui/state/key-table.js";
import { onKey } from "../../src/tui/state/keys.js";
import { initialState, SPEEDS } from "../../src/tui/state/ui-state.js";
import { AS_LISTED, POOL_COLUMNS } from "../../src/tui/views/pool-columns.js";
import type { RunKind, Scene } from "../../src/tui/views/scene.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { madeScene } from "./made-scene.js";
import { smallWorld } from "./small-world.js";

const HOUR_MS = 3_600_000;
const source = new SteppedSource("recording", simulatedRun(smallWorld, smallWorld.policies[0], noUserModules));
source.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
source.refresh();
const [history] = source.sides;

function scene(kind: RunKind = "recording", takesActions = true): Scene {
  const ui = { ...initialState(false, SPEEDS.indexOf(1000), 3 * HOUR_MS), boxes: undefined };
  return {
    kind,
    sides: source.sides,
    others: ["square-root", "predictive"],
    ui,
    endMs: source.endMs,
    takesActions,
    trouble: "",
  };
}

/** The scene after these keys, one character each, and the last effect. */
function pressed(start: Scene, ...keys: readonly (string | NonNullable<KeyPress["name"]>)[]) {
  let now = start;
  let effect: ReturnType<typeof onKey>["effect"];
  for (const key of keys) {
    const press = key.length === 1 ? { text: key } : { text: "", name: key as NonNullable<KeyPress["name"]> };
    const step = onKey(now, press);
    now = { ...now, ui: step.ui };
    effect = step.effect;
  }
  return { ui: now.ui, effect };
}

describe("keys", () => {
  it("pause, go on, and begin anew at the end", () => {
    expect(pressed(scene(), " ").ui.isPlaying).toBe(true);
    expect(pressed(scene(), " ", " ").ui.isPlaying).toBe(false);
    expect(pressed(scene(), "end", " ").ui).toMatchObject({ cursorMs: 0, isPlaying: true });
  });

  it("step by bins, and never leave the run", () => {
    expect(pressed(scene(), ".").ui.cursorMs).toBe(3 * HOUR_MS + history.binMs);
    expect(pressed(scene(), "home", ",").ui.cursorMs).toBe(0);
    expect(pressed(scene(), "end", "right").ui.cursorMs).toBe(6 * HOUR_MS);
  });

  it("change the speed within its bounds", () => {
    expect(SPEEDS[pressed(scene(), "]").ui.speed]).toBe(3000);
    expect(SPEEDS[pressed(scene(), ..."]]]]]]]").ui.speed]).toBe(Number.POSITIVE_INFINITY);
    expect(SPEEDS[pressed(scene(), ..."[[[[[[[[[").ui.speed]).toBe(1);
  });

  it("jump to violations, decisions and faults, there and back", () => {
    const [first, second] = history.violatingMinutes;
    expect(pressed(scene(), "home", "v").ui.cursorMs).toBe((first + 1) * 60_000);
    expect(pressed(scene(), "home", "v", "v").ui.cursorMs).toBe((second + 1) * 60_000);
    expect(pressed(scene(), "home", "v", "v", "V").ui.cursorMs).toBe((first + 1) * 60_000);
    expect(pressed(scene(), "home", "f").ui.cursorMs).toBe(history.faults[0].atMs);
    expect(pressed(scene(), "home", "d").ui.cursorMs).toBe(history.decisions.find(({ atMs }) => atMs > 0)?.atMs);
    expect(pressed(scene(), "end", "f").ui).toMatchObject({
      cursorMs: 6 * HOUR_MS,
      message: "no later fault: F goes to the one before",
    });
    expect(pressed(scene(), "home", "F").ui.message).toBe("no earlier fault");
  });

  it("find decisions by their reason, and say where there is none", () => {
    const found = pressed(scene(), "home", "/", ..."target", "enter");
    expect(found.ui.overlay).toEqual({ kind: "none" });
    const at = history.decisions.find(({ atMs, reason }) => atMs > 0 && reason.includes("target"))?.atMs;
    expect(found.ui.cursorMs).toBe(at);
    const again = pressed(scene(), "end", "/", ..."target", "enter").ui;
    expect(history.decisions.find(({ reason }) => reason.includes("target"))?.atMs).toBe(again.cursorMs);
    expect(again.message).toBe("no later one: this is the first");
    expect(pressed(scene(), "/", ..."zebra", "enter").ui.message).toBe('no decision with "zebra"');
    expect(pressed(scene(), "n").ui.message).toMatch(/nothing is searched for/);
  });

  it("sort the pools by one column after the other, turn the order round, then leave it", () => {
    expect(pressed(scene(), "o").ui.order).toEqual({ column: 0, direction: "down" });
    expect(pressed(scene(), "o", "o", "O").ui.order).toEqual({ column: 1, direction: "up" });
    expect(pressed(scene(), ...POOL_COLUMNS.map(() => "o"), "o").ui.order).toEqual(AS_LISTED);
    expect(pressed(scene(), "O").ui).toMatchObject({
      order: AS_LISTED,
      message: "the pools are not sorted: o sorts them",
    });
  });

  it("put another policy beside the first, one after the other, then none", () => {
    expect(pressed(scene(), "s").effect).toEqual({ kind: "beside", policy: "square-root" });
    expect(pressed({ ...scene(), others: [] }, "s").ui.message).toMatch(/no other policy/);
    expect(pressed(scene(), "tab").ui.message).toMatch(/one run is shown/);
  });

  it("ask before they drain or terminate, and only the run of now", () => {
    const live = scene("live");
    const now = { ...live, ui: { ...live.ui, isPlaying: true, cursorMs: history.frontierMs } };
    const asked = pressed(now, "j", "X");
    expect(asked.ui.overlay).toMatchObject({ kind: "confirm", action: "terminate" });
    expect(pressed(now, "j", "X", "n")).toMatchObject({ effect: undefined, ui: { overlay: { kind: "none" } } });
    expect(pressed(now, "j", "x", "y").effect).toMatchObject({ kind: "act", action: "drain" });
    // A sample has come since the last frame moved the cursor: what is pointed at is of now.
    const behind = { ...now, ui: { ...now.ui, cursorMs: history.frontierMs - 1 } };
    expect(pressed(behind, "j").ui.message).toMatch(/^streamlet \d+ of /);
    expect(pressed(behind, "j", "x").ui.overlay).toMatchObject({ kind: "confirm" });
    expect(pressed(live, "j", "x").ui.message).toMatch(/this is the past/);
    expect(pressed(now, "x").ui.message).toMatch(/no streamlet is pointed at/);
    expect(pressed({ ...now, takesActions: false }, "j", "x").ui.message).toMatch(/--token-file/);
    expect(pressed(scene(), "x").ui.message).toMatch(/works on a live run/);
  });

  it("of a prompt are text: nothing else happens", () => {
    const typed = pressed(scene(), ":", ..."quit");
    expect(typed.effect).toBeUndefined();
    expect(typed.ui.overlay).toEqual({ kind: "command", text: "quit" });
    expect(pressed(scene(), ":", ..."quit", "backspace", "escape").ui.overlay).toEqual({ kind: "none" });
    expect(pressed(scene(), ":", ..."quit", "enter").effect).toEqual({ kind: "quit" });
  });

  it("never throw, whatever the scene", () => {
    const keys = [
      ...KEYS.flatMap(({ keys: written }) => written.split(" ").filter((key) => key.length === 1)),
      "V",
      "D",
      "F",
      "j",
      "x",
      "y",
    ];
    const names = ["left", "right", "home", "end", "tab", "enter", "escape", "pageUp", "pageDown"] as const;
    for (let number = 0; number < 60; number++) {
      const { ui } = pressed(madeScene(number), ...keys, ...names);
      expect(ui.cursorMs).toBeGreaterThanOrEqual(0);
      expect(ui.cursorMs).toBeLessThanOrEqual(6 * HOUR_MS);
    }
  });
});

describe("commands", () => {
  const run = (text: string) => runCommand(scene(), text);

  it("go to a time of day or a time since the start", () => {
    expect(run("at 04:30").ui.cursorMs).toBe(4.5 * HOUR_MS);
    expect(run("at 90min").ui.cursorMs).toBe(1.5 * HOUR_MS);
    expect(run("at 19:42").ui.message).toBe("19:42 is not within the run");
    expect(run("at noon").ui.message).toMatch(/^at takes a time of day/);
  });

  it("take a beginning that is certain, and propose what was meant", () => {
    expect(run("sp 60").ui.speed).toBe(SPEEDS.indexOf(60));
    expect(run("spede 60").ui.message).toBe('no command "spede": did you mean speed?');
    expect(run("pool defalt").ui.message).toBe('no pool "defalt": did you mean default?');
    expect(run("pool eu").ui.message).toBe('no pool "eu": all, default');
    expect(run("sort used").ui.order).toEqual({ column: 2, direction: "down" });
    expect(run("sort nothing").ui.order).toEqual(AS_LISTED);
    expect(run("sort name").ui.message).toMatch(/^sort takes ready, want, used, .* or nothing$/);
    expect(run("zoom losses").ui.zoomed).toBe("losses");
    expect(run("beside predictive").effect).toEqual({ kind: "beside", policy: "predictive" });
    expect(run("").ui.message).toBe("");
  });

  it("are completed as far as it is certain", () => {
    const typed = (...keys: string[]) => pressed(scene(), ":", ...keys).ui.overlay;
    expect(typed(..."spe", "tab", ..."fa", "tab")).toEqual({ kind: "command", text: "speed fastest" });
    expect(typed(..."pool d", "tab")).toEqual({ kind: "command", text: "pool default" });
    expect(typed(..."zzz", "tab")).toEqual({ kind: "command", text: "zzz" });
  });
});
