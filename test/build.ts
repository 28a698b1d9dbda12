import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Tests that run the real command run the build: a stale one would test old code. */
export function setup(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL("../scripts/build-if-stale.mjs", import.meta.url))], {
    stdio: "inherit",
  });
}
