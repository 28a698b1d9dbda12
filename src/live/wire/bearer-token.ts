import { createHash, timingSafeEqual } from "node:crypto";

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Why somebody may not come in; undefined = they may. With a token everybody who has it may,
 * without one only this machine.
 */
export function refusalOf(
  token: string | undefined,
  authorization: string | undefined,
  remoteAddress: string | undefined,
): "no-token" | "not-loopback" | undefined {
  if (token === undefined) return LOOPBACK.test(remoteAddress ?? "") ? undefined : "not-loopback";
  const given = /^Bearer ([!-~]+)$/i.exec(authorization ?? "")?.[1];
  return given !== undefined && same(given, token) ? undefined : "no-token";
}

/** Compared by digests of one length, in a time that tells nothing. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
