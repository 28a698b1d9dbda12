/** Test runners replace some of them for a moment. */
const GLOBALS = [
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "structuredClone",
];

interface Shared {
  readonly holder: object;
  readonly name: string;
  readonly key: string | symbol;
  readonly own: unknown;
}

function members(holder: object, name: string, keys: readonly (string | symbol)[]): Shared[] {
  return keys.flatMap((key) => {
    const own: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
    return typeof own === "function" ? [{ holder, name: `${name}.${String(key)}`, key, own }] : [];
  });
}

/**
 * Functions that the simulator shares with the user's modules and that cannot be locked as other
 * built-ins are (built-ins.ts): Node's global ones, and the methods of typed arrays.
 */
export class SharedFunctions {
  private readonly all: readonly Shared[];

  constructor() {
    const typedArray = Object.getPrototypeOf(Float64Array) as { readonly prototype: object };
    this.all = [
      ...members(globalThis, "globalThis", GLOBALS),
      ...members(typedArray, "TypedArray", ["from", "of"]),
      ...members(typedArray.prototype, "TypedArray.prototype", Reflect.ownKeys(typedArray.prototype)),
    ];
  }

  /**
   * Call it after the user's code has run. Restores all of them, and throws an Error that names
   * one that was replaced.
   */
  check(): void {
    let replaced: string | undefined;
    for (const { holder, name, key, own } of this.all) {
      if ((holder as Record<string | symbol, unknown>)[key] === own) continue;
      Object.defineProperty(holder, key, { value: own });
      replaced ??= name;
    }
    if (replaced !== undefined) throw new Error(`it replaces ${replaced}, a read-only property`);
  }
}
