import { createHash, timingSafeEqual } from "node:crypto";

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Why a client is refused; undefined = it is accepted. With a token the client must have it;
 * without one it must be on this machine.
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

/** Compares digests of equal length, in a time that does not depend on the texts. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
