import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** What opens a file in the reader's browser, by platform. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};
const OTHERWISE = ["xdg-open"];

/** Opens a page in the browser. If that fails, prints the reason and the page's path. */
export function openPage(page: string, opener = OPENERS[process.platform] ?? OTHERWISE): Promise<void> {
  const { href } = pathToFileURL(resolve(page));
  const [program, ...words] = opener;
  return new Promise((done) => {
    const child = spawn(program, [...words, href], { stdio: "ignore", detached: true });
    child.once("error", (error) => {
      process.stderr.write(`No browser could be opened (${error.message}). The page lies at ${href}\n`);
      done();
    });
    child.once("spawn", () => {
      child.unref();
      done();
    });
  });
}
