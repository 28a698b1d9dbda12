// Screens of the terminal UI as text and, with their colours, as ANSI: one pair of files per
// moment and size. They are a terminal's frames, from the same code. Alone:
//   node scripts/pictures/terminal.mjs FOLDER
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readScenario } from "../../dist/experiment/scenario-file.js";
import { ScreenDiff } from "../../dist/tui/cells/screen-diff.js";
import { simulationSource } from "../../dist/tui/source/simulated-run.js";
import { initialState, SPEEDS } from "../../dist/tui/state/ui-state.js";
import { frameOf, frameText } from "../../dist/tui/views/frame.js";

const scenarioFile = fileURLToPath(new URL("../../scenarios/evening-peak.yaml", import.meta.url));
const SIZES = [
  [80, 24],
  [200, 60],
];
const HOUR_MS = 3_600_000;
const MOMENTS = [
  ["start", { cursorMs: 60_000 }],
  ["evening", { cursorMs: 19.5 * HOUR_MS }],
  ["end", { cursorMs: 24 * HOUR_MS }],
  ["hour", { cursorMs: 19.5 * HOUR_MS, window: 2 }],
  ["why", { cursorMs: 19.5 * HOUR_MS, overlay: { kind: "why" } }],
  ["help", { overlay: { kind: "help", page: 0 } }],
  ["streamlets", { cursorMs: 19.5 * HOUR_MS, zoomed: "streamlets" }],
];

/** Writes the screens to a folder; returns their names. */
export async function terminalPictures(folder) {
  mkdirSync(folder, { recursive: true });
  const scenario = await readScenario(scenarioFile, {});
  const source = await simulationSource(scenario);
  const names = drawn(folder, source, MOMENTS, "");
  source.setBeside(source.others[0]);
  return [...names, ...drawn(folder, source, MOMENTS.slice(1, 2), "-beside")];
}

function drawn(folder, source, moments, suffix) {
  source.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  source.refresh();
  const { kind, sides, others, endMs } = source;
  return moments.flatMap(([moment, changes]) =>
    SIZES.map(([width, height]) => {
      const ui = { ...initialState(false, SPEEDS.indexOf(1000)), ...changes };
      const scene = { kind, sides, others, ui, endMs, takesWishes: false, trouble: "" };
      const frame = frameOf(scene, width, height);
      const name = `terminal-${moment}${suffix}-${width}x${height}`;
      writeFileSync(join(folder, `${name}.txt`), `${frameText(frame)}\n`);
      writeFileSync(join(folder, `${name}.ansi`), new ScreenDiff(true, Number.POSITIVE_INFINITY).next(frame).text);
      return name;
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder = "reports/pictures"] = process.argv;
  const names = await terminalPictures(folder);
  process.stdout.write(`${names.length} screens: ${folder}\n`);
}
