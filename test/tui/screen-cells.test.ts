import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Cells, COVERED } from "../../src/tui/cells/cells.js";
import { Bold, Dim, Inverse } from "../../src/tui/cells/style.js";
import { frameOf } from "../../src/tui/views/frame.js";
import { madeScene } from "./made-scene.js";
import { hasPty, Pty } from "./pty.js";

const child = fileURLToPath(new URL("pty-scenes.ts", import.meta.url));
/**
 * Two ordinary sizes, odd ones, one that is too small, and sequences of shrinking and growing.
 */
const SIZES = [
  [80, 24],
  [200, 60],
  [79, 23],
  [120, 40],
  [41, 10],
  [20, 5],
  [133, 31],
  [80, 24],
] as const;
const SCENES_PER_SIZE = 6;

if (!hasPty) console.warn("the screen tests are skipped: they need python3 with its pty module");

/** Each cell of the emulator as "character colour attributes". */
function shownCells({ screen }: Pty): string[] {
  const { active } = screen.buffer;
  const cells: string[] = [];
  for (let y = 0; y < screen.rows; y++) {
    const line = active.getLine(active.baseY + y);
    for (let x = 0; x < screen.cols; x++) {
      const cell = line?.getCell(x);
      const char = cell === undefined || cell.getWidth() === 0 ? COVERED : cell.getChars() || " ";
      const style = cell === undefined ? 0 : styleOf(cell.getFgColor(), cell.isBold(), cell.isDim(), cell.isInverse());
      cells.push(`${x},${y} ${char} ${char === COVERED ? 0 : style}`);
    }
  }
  return cells;
}

function styleOf(colour: number, bold: number, dim: number, inverse: number): number {
  return Math.max(0, colour) + (bold ? Bold : 0) + (dim ? Dim : 0) + (inverse ? Inverse : 0);
}

function wantedCells(cells: Cells): string[] {
  return cells.chars.map((char, at) => {
    const style = char === COVERED ? 0 : cells.styles[at];
    return `${at % cells.width},${Math.floor(at / cells.width)} ${char} ${style}`;
  });
}

describe("the screen of a real terminal", () => {
  it.skipIf(!hasPty).each([8000, 700])(
    "equals the pure render cell by cell, over scenes, sizes and resizes (%i bytes a frame)",
    async (budgetBytes) => {
      const [columns, rows] = SIZES[0];
      const pty = new Pty(columns, rows, [process.execPath, "--import", "tsx", child, String(budgetBytes)]);
      const next = async (order: () => void): Promise<void> => {
        const before = pty.marks;
        order();
        await pty.until("the next mark", () => pty.marks > before);
      };
      await next(() => undefined);
      for (const [i, [width, height]] of SIZES.entries()) {
        if (i > 0) await next(() => pty.resize(width, height));
        for (let n = 0; n < SCENES_PER_SIZE; n++) {
          const scene = i * SCENES_PER_SIZE + n;
          await next(() => pty.keys(`${scene}\n`));
          expect(shownCells(pty), `scene ${scene} at ${width} × ${height}`).toEqual(
            wantedCells(frameOf(madeScene(scene), width, height)),
          );
        }
      }
      pty.keys("end\n");
      expect(await pty.exited).toBe(0);
      expect(pty.screen.buffer.active.type).toBe("normal");
    },
    60_000,
  );
});
