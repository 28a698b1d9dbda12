import { writeSync } from "node:fs";

/** Alternate screen on, cursor off, no wrapping at the right edge. */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[0m\x1b[2J";
/** Restores the screen from before. */
const LEAVE = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";
/** Terminals that support these sequences show a frame at once; others ignore them. */
const BEGIN_FRAME = "\x1b[?2026h";
const END_FRAME = "\x1b[?2026l";

/** Bytes that a frame needs beside its cells. */
export const FRAME_OVERHEAD_BYTES = BEGIN_FRAME.length + END_FRAME.length;

export interface TerminalOutput {
  readonly columns?: number;
  readonly rows?: number;
  readonly fd?: number;
  write(text: string): boolean;
}

/**
 * The only place that switches the alternate screen and the cursor. Whatever ends the process (a
 * return, an exception, process.exit, a signal), `leave` is called, also on "exit".
 */
export class Terminal {
  private isEntered = false;

  constructor(private readonly output: TerminalOutput) {}

  get size(): { readonly width: number; readonly height: number } {
    return { width: this.output.columns || 80, height: this.output.rows || 24 };
  }

  enter(): void {
    if (this.isEntered) return;
    this.isEntered = true;
    process.on("exit", this.leave);
    this.output.write(ENTER);
  }

  frame(text: string): void {
    if (this.isEntered && text !== "") this.output.write(`${BEGIN_FRAME}${text}${END_FRAME}`);
  }

  /** Safe to call twice. It writes synchronously, since on "exit" later writes are lost. */
  readonly leave = (): void => {
    if (!this.isEntered) return;
    this.isEntered = false;
    process.off("exit", this.leave);
    try {
      if (this.output.fd === undefined) this.output.write(LEAVE);
      else writeSync(this.output.fd, LEAVE);
    } catch {
      // The terminal is gone (the window was closed), so nothing can be restored.
    }
  };
}
