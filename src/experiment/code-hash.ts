import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashText } from "../base/hash.js";

/** The folders whose code decides a run's result. */
const CORE = ["base", "ports", "kernel", "control", "model", "world"];

/** 16 hex digits over the simulator's own code, as loaded. Other code may give other results. */
export function codeHash(): string {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const texts: string[] = [];
  for (const room of CORE) {
    const files = readdirSync(join(root, room), { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => /(?<!\.d)\.[jt]s$/.test(name)).sort())
      texts.push(readFileSync(join(root, room, file), "utf8"));
  }
  return hashText(texts.join("\n"));
}
