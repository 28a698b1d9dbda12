import { z } from "zod";
import { MODULE_PATH } from "../../base/module-path.js";

/** `abort`: what is no path is no module, so that zod looks at the other alternatives. */
export const modulePath = z.string().regex(MODULE_PATH, { error: "the path of a module", abort: true });
