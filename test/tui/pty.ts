import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import xterm from "@xterm/headless";

const script = fileURLToPath(new URL("on-terminal.py", import.meta.url));
/** A test that waits longer than this for its terminal fails. */
const PATIENCE_MS = 20_000;

/**
 * Python makes the pseudo-terminal: Node cannot, and node-pty is built from C++ at installation.
 */
export const hasPty = spawnSync("python3", ["-c", "import pty"]).status === 0;

/** A command on a real pseudo-terminal, and an emulator that shows what a person would see. */
export class Pty {
  readonly screen: xterm.Terminal;
  readonly exited: Promise<number>;
  /** Everything that came. */
  bytes = "";
  /**
   * Operating system commands that the emulator has come to (OSC 9): a terminal shows nothing of
   * them. All bytes before a mark are on the screen when it is counted.
   */
  marks = 0;
  private readonly child: ChildProcess;
  private readonly waiting = new Set<() => void>();
  private written = Promise.resolve();

  constructor(columns: number, rows: number, command: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.screen.loadAddon(new Unicode11Addon());
    this.screen.unicode.activeVersion = "11";
    this.screen.parser.registerOscHandler(9, () => {
      this.marks++;
      return true;
    });
    const env = { ...process.env, TERM: "xterm-256color", NO_COLOR: "", ...environment };
    this.child = spawn("python3", [script, String(columns), String(rows), ...command], { env, stdio: "pipe" });
    this.child.stdout?.on("data", (data: Buffer) => {
      const piece = data.toString("latin1");
      this.bytes += piece;
      this.written = new Promise((resolve) => {
        this.screen.write(data, () => {
          resolve();
          for (const look of this.waiting) look();
        });
      });
    });
    let status = "";
    this.child.stderr?.on("data", (data: Buffer) => {
      status += data.toString();
    });
    this.exited = new Promise((resolve) => {
      this.child.on("close", () => void this.written.then(() => resolve(Number(status.trim().split("\n").at(-1)))));
    });
  }

  keys(keys: string): void {
    this.order({ keys });
  }

  signal(signal: number): void {
    this.order({ signal });
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.order({ resize: [columns, rows] });
  }

  /** Resolves once the screen is as `isSo` demands; rejects with the screen when it never is. */
  async until(what: string, isSo: (screen: string) => boolean): Promise<void> {
    if (isSo(this.text())) return;
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      const look = (): void => {
        if (!isSo(this.text())) return;
        end();
        resolve();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`the screen never showed ${what}:\n${this.text()}`));
      }, PATIENCE_MS);
      this.waiting.add(look);
    });
  }

  /** The rows that are visible. */
  text(): string {
    const { active } = this.screen.buffer;
    const rows = Array.from({ length: this.screen.rows }, (_, y) => active.getLine(active.baseY + y));
    return rows.map((row) => row?.translateToString(true) ?? "").join("\n");
  }

  close(): void {
    this.child.kill();
  }

  private order(order: object): void {
    this.child.stdin?.write(`${JSON.stringify(order)}\n`);
  }
}
