// Ink reads the keys. Its drawing is not used: a frame of 200 × 60 styled cells took it 62 ms of
// CPU; ScreenDiff takes 2 to 5 ms. Ink's output is discarded, so it never changes the terminal.
import { EventEmitter } from "node:events";
import type { KeyPress } from "../state/key-press.js";
import type { Key } from "./ink.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const listen = (): void => undefined;

/** In text that comes in one piece. */
const CONTROLS: ReadonlyMap<string, NonNullable<KeyPress["name"]>> = new Map([
  ["\r", "enter"],
  ["\n", "enter"],
  ["\t", "tab"],
  ["\x7f", "backspace"],
]);
const NAMES = [
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["home", "home"],
  ["end", "end"],
  ["pageUp", "pageUp"],
  ["pageDown", "pageDown"],
  ["tab", "tab"],
  ["return", "enter"],
  ["escape", "escape"],
  ["backspace", "backspace"],
  ["delete", "backspace"],
] as const;

/** Keys as ink reports them; text that arrives in one piece (pasted, or typed fast) is split. */
function keyPresses(input: string, key: Key): readonly KeyPress[] {
  for (const [ink, name] of NAMES) if (key[ink]) return [{ text: "", name, shift: key.shift }];
  if (key.meta) return [];
  return Array.from(input).flatMap((text): KeyPress[] => {
    const name = CONTROLS.get(text);
    if (name !== undefined) return [{ text: "", name }];
    return text < " " ? [] : [{ text, ctrl: key.ctrl }];
  });
}

/** Ink's way to take keys is a component: this one shows nothing. */
function Keys({ onKeys, useInput }: KeysProps): null {
  useInput((input, key) => onKeys(keyPresses(input, key)));
  return null;
}

interface KeysProps {
  readonly onKeys: (keys: readonly KeyPress[]) => void;
  readonly useInput: typeof import("./ink.js").useInput;
}

/** A stream that discards ink's output. */
class Nowhere extends EventEmitter {
  readonly columns = 80;
  readonly rows = 24;
  readonly isTTY = false;

  write(): boolean {
    return true;
  }
}

/** Takes keys from stdin in raw mode until `close`. Loads ink, and with it React. */
export async function openKeyboard(onKeys: (keys: readonly KeyPress[]) => void): Promise<{ close(): void }> {
  const { createElement, render, useInput } = await import("./ink.js");
  const nowhere = new Nowhere() as unknown as NodeJS.WriteStream;
  // Ink ends the process on a signal without other listeners, before the terminal is restored,
  // and our listeners act only once.
  for (const signal of SIGNALS) process.on(signal, listen);
  const app = render(createElement(Keys, { onKeys, useInput }), {
    stdout: nowhere,
    stderr: nowhere,
    stdin: process.stdin,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return {
    close() {
      app.unmount();
      for (const signal of SIGNALS) process.off(signal, listen);
    },
  };
}
