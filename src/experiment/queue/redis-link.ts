import { Redis } from "ioredis";
import { InputError } from "../../base/errors.js";

const CONNECT_TIMEOUT_MS = 5000;
/** Between two attempts to reconnect: 0.2 s, 0.4 s … 2 s. */
const RETRY_STEP_MS = 200;
const MOST_RETRY_MS = 2000;

/** The address without its password, for messages. */
export function shownAddress(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//***@");
}

/**
 * A connection to Redis that survives restarts. Throws an InputError if there is none at first, if
 * the address is no redis:// or rediss:// one, if a password or TLS is wrong, and if Redis may
 * evict keys.
 */
export async function connectRedis(url: string): Promise<Redis> {
  checkAddress(url);
  const probe = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let reason = "";
  probe.on("error", (error: Error) => {
    reason ||= error.message;
  });
  try {
    await probe.connect();
    await probe.ping();
    await refuseEviction(probe, url);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw unreachable(url, reason || (error instanceof Error ? error.message : String(error)));
  } finally {
    probe.disconnect();
  }
  return lastingConnection(url);
}

/** A connection whose commands wait for Redis without a bound; the caller sets one. */
export function lastingConnection(url: string): Redis {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(MOST_RETRY_MS, times * RETRY_STEP_MS),
  });
  // Without a listener a lost connection would end the process. Callers notice it by commands
  // that do not return.
  redis.on("error", () => undefined);
  return redis;
}

function checkAddress(url: string): void {
  let protocol = "";
  try {
    protocol = new URL(url).protocol;
  } catch {
    // Refused below, as an address of another kind.
  }
  if (protocol === "redis:" || protocol === "rediss:") return;
  throw new InputError({
    code: "HR1005",
    where: "--redis",
    got: `"${shownAddress(url).slice(0, 100)}"`,
    expected: "redis://[user:password@]host[:port][/database], or rediss:// for TLS",
  });
}

async function refuseEviction(redis: Redis, url: string): Promise<void> {
  // A managed Redis may hide its configuration, which is then not checked.
  const answer = await redis.config("GET", "maxmemory-policy").catch(() => undefined);
  const policy = Array.isArray(answer) ? String(answer[1]) : "noeviction";
  if (policy === "noeviction") return;
  throw new InputError({
    code: "HR1710",
    where: shownAddress(url),
    got: `a Redis that may evict keys (maxmemory-policy ${policy})`,
    expected: "maxmemory-policy noeviction, since an evicted job is lost until it is put back",
    remedy: "redis-cli config set maxmemory-policy noeviction",
  });
}

function unreachable(url: string, reason: string): InputError {
  const wrongPassword = /WRONGPASS|NOAUTH|invalid.*password/i.test(reason);
  const tls = /ssl|tls|EPROTO|wrong version number|certificate/i.test(reason) || url.startsWith("rediss:");
  return new InputError({
    code: "HR1710",
    where: shownAddress(url),
    got: `no Redis that answers (${reason.slice(0, 160)})`,
    expected: "a Redis server",
    remedy: wrongPassword
      ? "Give user and password in the address: redis://user:password@host"
      : tls
        ? "Use rediss:// for a server with TLS, redis:// for one without, " +
          "and a certificate that Node trusts (NODE_EXTRA_CA_CERTS)"
        : "Start one: redis-server --maxmemory-policy noeviction",
  });
}
