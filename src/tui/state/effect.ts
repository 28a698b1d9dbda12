import type { OperatorAction } from "./ui-state.js";

/** What a key makes the session do besides a redraw. */
export type Effect =
  | { readonly kind: "quit" }
  | { readonly kind: "interrupt" }
  | { readonly kind: "suspend" }
  | { readonly kind: "redraw" }
  /** Undefined: one run alone. */
  | { readonly kind: "beside"; readonly policy: string | undefined }
  | { readonly kind: "act"; readonly action: OperatorAction; readonly id: number };
