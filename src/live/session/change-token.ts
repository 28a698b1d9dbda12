import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeRuntimeFolder } from "../machine/runtime-folder.js";

/**
 * The token that calls with an effect need if no --token-file was given: access to this machine
 * is no permission.
 */
export interface ChangeToken {
  readonly token: string;
  /** Where it can be read, by this user alone. */
  readonly file: string;
  close(): void;
}

/**
 * Draws a token of 192 bits and writes it, 0600, to a private folder that is removed with the
 * run.
 */
export function drawChangeToken(): ChangeToken {
  const folder = makeRuntimeFolder("headrace-run-");
  const file = join(folder.path, "token");
  const token = randomBytes(24).toString("base64url");
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: "wx" });
  return { token, file, close: () => folder.close() };
}
