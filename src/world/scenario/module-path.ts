import { MODULE_PATH } from "../../base/module-path.js";
import { z } from "../../base/zod.js";

/** `abort`: a text that is no path is no module, so zod tries the other alternatives. */
export const modulePath = z.string().regex(MODULE_PATH, { error: "the path of a module", abort: true });
