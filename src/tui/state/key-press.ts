/** A key as the reducer takes it: a printable character, or a name. */
export interface KeyPress {
  /** The typed text; empty for keys that have a name. */
  readonly text: string;
  readonly name?:
    | "left"
    | "right"
    | "up"
    | "down"
    | "home"
    | "end"
    | "pageUp"
    | "pageDown"
    | "tab"
    | "enter"
    | "escape"
    | "backspace";
  readonly shift?: boolean;
  readonly ctrl?: boolean;
}
