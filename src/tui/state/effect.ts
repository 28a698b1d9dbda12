import type { Wish } from "./ui-state.js";

/** What a key makes the session do besides a redraw. */
export type Effect =
  | { readonly kind: "quit" }
  | { readonly kind: "interrupt" }
  | { readonly kind: "suspend" }
  | { readonly kind: "redraw" }
  /** Undefined: one run alone. */
  | { readonly kind: "beside"; readonly policy: string | undefined }
  | { readonly kind: "wish"; readonly wish: Wish; readonly id: number };
