import { z } from "zod";

const MODULE = /[/\\]|\.[cm]?[jt]s$/;

/** A kind that is a path: it has a slash or ends like a module. */
export function isModule(kind: string): boolean {
  return MODULE.test(kind);
}

/** `abort`: what is no path is no module, so that zod looks at the other alternatives. */
export const modulePath = z.string().regex(MODULE, { error: "the path of a module", abort: true });
