const NAMES = [
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "structuredClone",
] as const;

/**
 * Node's global functions. Test runners replace some of them for a moment, so that they cannot be
 * locked as JavaScript's built-ins are (built-ins.ts).
 */
export class GlobalFunctions {
  private readonly own = NAMES.map((name) => globalThis[name]);

  /**
   * Call it when the user's code has run. Throws an Error that names a function which it replaced;
   * each has its own value again.
   */
  check(): void {
    let replaced: string | undefined;
    for (let i = 0; i < NAMES.length; i++) {
      if (globalThis[NAMES[i]] === this.own[i]) continue;
      Object.assign(globalThis, { [NAMES[i]]: this.own[i] });
      replaced ??= NAMES[i];
    }
    if (replaced !== undefined) throw new Error(`it replaces ${replaced}, a read-only property of globalThis`);
  }
}
