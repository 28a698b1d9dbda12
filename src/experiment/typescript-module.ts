import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Loads a TypeScript module through tsx (Node 20 cannot), with source maps, so that errors have
 * its own line numbers. Without `"type": "module"` nearby, tsx compiles it to CommonJS. An
 * imported CommonJS module has no source lines, so it is required.
 */
export async function importTypeScript(file: string): Promise<Record<string, unknown>> {
  process.setSourceMapsEnabled(true);
  const isModule = /\.mts$/.test(file) || (!/\.cts$/.test(file) && packageType(dirname(file)) === "module");
  if (!isModule) {
    try {
      const { require: tsRequire } = await import("tsx/cjs/api");
      return tsRequire(file, import.meta.url) as Record<string, unknown>;
    } catch (error) {
      if (!needsImport(error)) throw error;
    }
  }
  const { tsImport } = await import("tsx/esm/api");
  return (await tsImport(pathToFileURL(file).href, import.meta.url)) as Record<string, unknown>;
}

/**
 * Features that CommonJS lacks: a top-level await and, in Node 20, packages that are modules
 * only.
 */
function needsImport(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return code === "ERR_REQUIRE_ESM" || code === "ERR_REQUIRE_ASYNC_MODULE" || /Top-level await/.test(String(message));
}

/** `type` of the nearest package.json, as Node looks for it. */
function packageType(folder: string): unknown {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { type } = JSON.parse(readFileSync(join(at, "package.json"), "utf8")) as { readonly type?: unknown };
      return type;
    } catch {
      if (dirname(at) === at) return undefined;
    }
  }
}
