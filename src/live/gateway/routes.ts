// The gateway's paths besides streams, and the methods that each one takes. A path is matched
// before anything else of a request.

/** Where streams are carried. */
const STREAM = "/stream";
const STREAM_METHODS = ["GET", "POST", "PUT", "OPTIONS"] as const;
/** GET and HEAD are mandatory (RFC 9110, 9.1). */
const PAGE_METHODS = ["GET", "HEAD", "OPTIONS"] as const;
const ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "OPTIONS"] as const;

export type Route =
  | { readonly to: "stream" }
  | { readonly to: "page" }
  | { readonly to: "options"; readonly allow: string }
  | { readonly to: "refusal"; readonly status: 404 }
  | { readonly to: "refusal"; readonly status: 405; readonly allow: string };

/** Where a request goes. `isPage`: there is a page at this path. */
export function routeOf(method: string, path: string, isPage: boolean): Route {
  if (path === "*") return { to: "options", allow: ALL_METHODS.join(", ") };
  const isStream = path === STREAM;
  if (!isStream && !isPage) return { to: "refusal", status: 404 };
  const methods: readonly string[] = isStream ? STREAM_METHODS : PAGE_METHODS;
  const allow = methods.join(", ");
  if (!methods.includes(method)) return { to: "refusal", status: 405, allow };
  if (method === "OPTIONS") return { to: "options", allow };
  return isStream ? { to: "stream" } : { to: "page" };
}
