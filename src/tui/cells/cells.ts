import { charWidth, drawable } from "./char-width.js";
import { Colour, type Style } from "./style.js";

/** A part of the grid. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The second cell of a wide character. */
export const COVERED = "";

/**
 * A grid of cells, each with one character and its style. Drawing outside the grid is cut off. A
 * wide character takes two cells; one that is cut in half leaves a space.
 */
export class Cells {
  readonly chars: string[];
  /** Uint8Array[width × height], row by row, as `chars`. */
  readonly styles: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.chars = new Array<string>(width * height).fill(" ");
    this.styles = new Uint8Array(width * height);
  }

  get area(): Area {
    return { x: 0, y: 0, width: this.width, height: this.height };
  }

  /** One character that takes one cell. */
  put(x: number, y: number, char: string, style: Style = Colour.plain): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = y * this.width + x;
    if (this.chars[at] === COVERED && x > 0) this.chars[at - 1] = " ";
    if (x + 1 < this.width && this.chars[at + 1] === COVERED) this.chars[at + 1] = " ";
    this.chars[at] = char;
    this.styles[at] = style;
  }

  /**
   * Draws a text to the right; returns the column after it. `limit`: the first column not to be
   * drawn in.
   */
  text(x: number, y: number, text: string, style: Style = Colour.plain, limit = this.width): number {
    if (y < 0 || y >= this.height) return x;
    let at = x;
    const end = Math.min(limit, this.width);
    for (const char of drawable(text)) {
      const width = charWidth(char);
      if (width === 0) continue;
      if (at + width > end) return at;
      this.put(at, y, char, style);
      if (width === 2) {
        this.put(at + 1, y, " ", style);
        this.chars[y * this.width + at] = char;
        this.chars[y * this.width + at + 1] = COVERED;
      }
      at += width;
    }
    return at;
  }

  fill({ x, y, width, height }: Area, char: string, style: Style): void {
    for (let row = y; row < y + height; row++)
      for (let column = x; column < x + width; column++) this.put(column, row, char, style);
  }

  /** Adds style bits to cells that are there, such as Inverse for a cursor. */
  mark({ x, y, width, height }: Area, bits: Style): void {
    for (let row = Math.max(0, y); row < Math.min(this.height, y + height); row++)
      for (let column = Math.max(0, x); column < Math.min(this.width, x + width); column++)
        this.styles[row * this.width + column] |= bits;
  }

  /** A row as text, without its styles. */
  row(y: number): string {
    return this.chars.slice(y * this.width, (y + 1) * this.width).join("");
  }
}
