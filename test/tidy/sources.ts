import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { SourceFile } from "./rules.js";

/** TypeScript files. */
const TYPESCRIPT = /\.tsx?$/;
/** Files of code in any language. */
export const CODE = /\.(tsx?|m?js|c|h|sh)$/;

/** The files of a folder and its subfolders with these endings, by path from the root. */
export function sources(root: string, folder: string, endings = TYPESCRIPT): SourceFile[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => endings.test(name))
    .map((name) => {
      const path = join(root, folder, name);
      return { path: relative(root, path).split(sep).join("/"), text: readFileSync(path, "utf8") };
    });
}
