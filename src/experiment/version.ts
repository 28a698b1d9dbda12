import { readFileSync } from "node:fs";

/**
 * The version in package.json, two folders up both from src/experiment and from dist/experiment.
 */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return String((JSON.parse(text) as { version: unknown }).version);
}
