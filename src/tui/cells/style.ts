/** How a cell looks: one of the colours below, and any of Bold, Dim and Inverse. */
export type Style = number;

/** Of the terminal's own palette, which suits its background. */
export const Colour = { plain: 0, red: 1, green: 2, yellow: 3, blue: 4, magenta: 5, cyan: 6 } as const;
export const Bold = 8;
export const Dim = 16;
export const Inverse = 32;

const COLOUR_BITS = 7;
const ATTRIBUTES: readonly (readonly [bit: number, code: string])[] = [
  [Bold, "1"],
  [Dim, "2"],
  [Inverse, "7"],
];

/**
 * The escape sequence that sets a style, whatever was set before. Without colour only the
 * attributes are set.
 */
export function styleSequence(style: Style, withColour: boolean): string {
  const codes = ["0"];
  for (const [bit, code] of ATTRIBUTES) if ((style & bit) !== 0) codes.push(code);
  const colour = style & COLOUR_BITS;
  if (withColour && colour !== Colour.plain) codes.push(String(30 + colour));
  return `\x1b[${codes.join(";")}m`;
}
