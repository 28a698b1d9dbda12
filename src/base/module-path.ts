/** How a path of a module looks, as a pattern of the scenario's JSON Schema. */
export const MODULE_PATH = /[/\\]|\.[cm]?[jt]s$/;

/** A kind that is a path: it has a slash or ends like a module. */
export function isModule(kind: string): boolean {
  return MODULE_PATH.test(kind);
}

/** Whether a path ends as JavaScript or TypeScript does. */
export function hasModuleEnding(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path);
}
