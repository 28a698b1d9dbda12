import type { Area, Cells } from "./cells.js";
import type { Style } from "./style.js";

/** Bits of the eight dots of a braille character, by column and row (Unicode 15, U+2800). */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];
const BLANK = 0x2800;

/**
 * A picture of dots, 2 × 4 to a cell. A cell has one style: that of the line drawn last through it.
 * Dot (0, 0) is at the top left.
 */
export class Braille {
  readonly width: number;
  readonly height: number;
  private readonly bits: Uint8Array;
  private readonly styles: Uint8Array;

  constructor(private readonly area: Area) {
    this.width = area.width * 2;
    this.height = area.height * 4;
    this.bits = new Uint8Array(area.width * area.height);
    this.styles = new Uint8Array(area.width * area.height);
  }

  dot(x: number, y: number, style: Style): void {
    if (!(x >= 0 && y >= 0 && x < this.width && y < this.height)) return;
    const at = (y >> 2) * this.area.width + (x >> 1);
    this.bits[at] |= DOTS[x & 1][y & 3];
    this.styles[at] = style;
  }

  /** All dots of a column from one row to another, both included. */
  column(x: number, from: number, to: number, style: Style): void {
    const low = Math.max(0, Math.min(from, to));
    const high = Math.min(this.height - 1, Math.max(from, to));
    for (let y = low; y <= high; y++) this.dot(x, y, style);
  }

  /** Puts the dots on the grid. */
  draw(cells: Cells): void {
    const { x, y, width, height } = this.area;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const at = row * width + column;
        if (this.bits[at] !== 0)
          cells.put(x + column, y + row, String.fromCharCode(BLANK + this.bits[at]), this.styles[at]);
      }
    }
  }
}
