import { Cells, COVERED } from "./cells.js";
import { styleSequence } from "./style.js";

/** Up to this many unchanged cells are written again: that is shorter than a cursor move. */
const SHORT_GAP = 4;

/** What brings a terminal from what it shows to what it should show. */
export interface Frame {
  readonly text: string;
  readonly bytes: number;
  /** False: the byte budget ran out, the rest follows with the next frame. */
  readonly isWhole: boolean;
}

/**
 * Keeps a copy of the terminal's cells, and writes only those that differ. Clears the screen only
 * after a resize, when its content is unknown. A frame has at most `budgetBytes`: rows that do
 * not fit are left to the next frame, which begins with them.
 */
export class ScreenDiff {
  private shown: Cells | undefined;
  private firstRow = 0;

  constructor(
    private readonly withColour: boolean,
    private readonly budgetBytes: number,
  ) {}

  /** The content of the screen is unknown now: the next frame clears it. */
  forget(): void {
    this.shown = undefined;
  }

  next(wanted: Cells): Frame {
    const { width, height } = wanted;
    let text = "";
    if (this.shown === undefined || this.shown.width !== width || this.shown.height !== height) {
      this.shown = new Cells(width, height);
      this.firstRow = 0;
      text = "\x1b[0m\x1b[2J";
    }
    let bytes = text.length;
    for (let i = 0; i < height; i++) {
      const y = (this.firstRow + i) % height;
      const row = this.rowText(wanted, this.shown, y);
      if (row === "") continue;
      const rowBytes = Buffer.byteLength(row);
      // A single row is always written: 500 columns in colour are 8 kB.
      if (bytes > 0 && bytes + rowBytes > this.budgetBytes) {
        this.firstRow = y;
        return { text, bytes, isWhole: false };
      }
      text += row;
      bytes += rowBytes;
      copyRow(wanted, this.shown, y);
    }
    this.firstRow = 0;
    return { text, bytes, isWhole: true };
  }

  private rowText(wanted: Cells, shown: Cells, y: number): string {
    const { width } = wanted;
    const from = y * width;
    let text = "";
    let style = -1;
    let at = -1;
    for (let x = 0; x < width; x++) {
      if (isSame(wanted, shown, from + x) || wanted.chars[from + x] === COVERED) continue;
      if (at < 0 || x - at > SHORT_GAP || hasWide(wanted, from, at, x)) {
        text += `\x1b[${y + 1};${x + 1}H`;
        at = x;
      }
      for (; at <= x; at++) {
        const next = wanted.styles[from + at];
        if (next !== style) text += styleSequence(next, this.withColour);
        style = next;
        text += wanted.chars[from + at];
      }
      // Terminals differ in the width of some characters, so the cursor is set again after a wide
      // one.
      if (x + 1 < width && wanted.chars[from + x + 1] === COVERED) at = -1;
    }
    return text;
  }
}

function isSame(a: Cells, b: Cells, at: number): boolean {
  if (a.chars[at] !== b.chars[at] || a.styles[at] !== b.styles[at]) return false;
  // A cell that becomes the second half of a wide character is drawn together with the first.
  return a.chars[at + 1] !== COVERED || b.chars[at + 1] === COVERED;
}

function hasWide(cells: Cells, from: number, start: number, end: number): boolean {
  for (let x = start; x <= end; x++) if (cells.chars[from + x] === COVERED) return true;
  return false;
}

function copyRow(from: Cells, to: Cells, y: number): void {
  const start = y * from.width;
  for (let at = start; at < start + from.width; at++) {
    to.chars[at] = from.chars[at];
    to.styles[at] = from.styles[at];
  }
}
