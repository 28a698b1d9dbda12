import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { SourceFile } from "./rules.js";

/** The TypeScript files of a folder and its subfolders, by path from the root. */
export function sources(root: string, folder: string): SourceFile[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => {
      const path = join(root, folder, name);
      return { path: relative(root, path).split(sep).join("/"), text: readFileSync(path, "utf8") };
    });
}
