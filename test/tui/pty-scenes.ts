// Runs on a pseudo-terminal: draws the requested scenes, one number per line, as a session would.
// After each it writes a mark that a terminal ignores.
import { createInterface } from "node:readline";
import { ScreenDiff } from "../../src/tui/cells/screen-diff.js";
import { Terminal } from "../../src/tui/run/terminal.js";
import { frameOf } from "../../src/tui/views/frame.js";
import { madeScene } from "./made-scene.js";

const budgetBytes = Number(process.argv[2]);
const terminal = new Terminal(process.stdout);
let diff = new ScreenDiff(true, budgetBytes);
process.stdin.setRawMode(true);
terminal.enter();
process.stdout.on("resize", () => process.stdout.write("\x1b]9;resized\x07"));
createInterface({ input: process.stdin }).on("line", (line) => {
  if (line === "end") {
    terminal.leave();
    process.exit(0);
  }
  if (line === "forget") diff = new ScreenDiff(true, budgetBytes);
  const { width, height } = terminal.size;
  for (let isWhole = false; !isWhole; ) {
    const frame = diff.next(frameOf(madeScene(Number(line)), width, height));
    terminal.frame(frame.text);
    isWhole = frame.isWhole;
  }
  process.stdout.write(`\x1b]9;drawn ${line}\x07`);
});
process.stdout.write("\x1b]9;ready\x07");
