import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { transformSync } from "esbuild";

interface Loaded {
  readonly exports: Readonly<Record<string, unknown>>;
  /** Files that it imports, and that those import, itself included. */
  readonly reaches: ReadonlySet<string>;
}

const require = createRequire(import.meta.url);

/**
 * TypeScript modules by the paths of their files, compiled one by one and kept. A changed file
 * costs its own compilation and a new evaluation of its importers: 15 ms. Bundling everything
 * again cost 100 ms.
 */
export class SourceModules {
  private readonly compiled = new Map<string, string>();
  private readonly unchanged = new Map<string, Loaded>();

  /** The exports of a file, as if `text` stood in the file `changed`. */
  load(file: string, changed?: string, text = ""): Readonly<Record<string, unknown>> {
    if (changed === undefined) return this.evaluated(file, this.unchanged).exports;
    const original = this.evaluated(file, this.unchanged);
    if (!original.reaches.has(changed)) throw new Error(`${changed}: ${file} does not import it`);
    const kept = Array.from(this.unchanged).filter(([, { reaches }]) => !reaches.has(changed));
    return this.evaluated(file, new Map(kept), new Map([[changed, compile(text)]])).exports;
  }

  private evaluated(file: string, loaded: Map<string, Loaded>, changes?: ReadonlyMap<string, string>): Loaded {
    const known = loaded.get(file);
    if (known !== undefined) return known;
    const reaches = new Set([file]);
    const load = (name: string): unknown => {
      if (!name.startsWith(".")) return require(name);
      const imported = this.evaluated(sourceAt(join(dirname(file), name)), loaded, changes);
      for (const one of imported.reaches) reaches.add(one);
      return imported.exports;
    };
    const module = { exports: {} };
    new Function("module", "exports", "require", changes?.get(file) ?? this.code(file))(module, module.exports, load);
    const result = { exports: module.exports, reaches };
    loaded.set(file, result);
    return result;
  }

  private code(file: string): string {
    const known = this.compiled.get(file);
    if (known !== undefined) return known;
    const code = compile(readFileSync(file, "utf8"));
    this.compiled.set(file, code);
    return code;
  }
}

function compile(text: string): string {
  return transformSync(text, { loader: "ts", format: "cjs", target: "node20", logLevel: "silent" }).code;
}

function sourceAt(path: string): string {
  const source = path.replace(/\.js$/, ".ts");
  return existsSync(source) ? source : `${source}x`;
}
