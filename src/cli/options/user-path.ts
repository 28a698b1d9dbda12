import { isAbsolute, join } from "node:path";

/**
 * `npm run headrace -- …` starts in the package's folder; npm passes the user's folder in
 * INIT_CWD.
 */
export function userPath(path: string): string {
  const from = process.env.npm_lifecycle_event === "headrace" ? process.env.INIT_CWD : undefined;
  if (from === undefined || from === process.cwd() || isAbsolute(path)) return path;
  return join(from, path);
}
