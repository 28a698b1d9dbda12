/**
 * Why a request was refused. `status` is the HTTP status of the answer (RFC 9110). With 503 the
 * client may try again later, with the others it may not. `meaning` goes into the docs.
 */
const rejectReasons = {
  "unknown-region": { status: 400, meaning: "the scenario has no such region" },
  "unknown-format": { status: 415, meaning: "the scenario has no such format" },
  "no-compatible-streamlet": { status: 503, meaning: "no pool may serve this region and format" },
  "waiting-room-full": { status: 503, meaning: "no slot was free, and the waiting room was full" },
  quarantined: { status: 403, meaning: "earlier streams of this client crashed streamlets" },
  "shutting-down": { status: 503, meaning: "the gateway takes no new streams" },
} as const;

export type RejectReason = keyof typeof rejectReasons;

export const REJECT_REASONS = Object.keys(rejectReasons) as readonly RejectReason[];

export function rejectStatus(reason: RejectReason): number {
  return rejectReasons[reason].status;
}

export function rejectMeaning(reason: RejectReason): string {
  return rejectReasons[reason].meaning;
}
