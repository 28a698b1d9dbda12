import { isIP } from "node:net";

/** What a browser sends about the page that caused a request. */
export interface Provenance {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
}

/**
 * Why a request may come from a foreign web page; undefined = it does not. Any page in a browser
 * on this machine can reach loopback: by a simple request, by a WebSocket (which has no CORS), or
 * under a host name rebound to 127.0.0.1. So the host must be an address, a name that no public
 * name server has, or `address`; and the page must be ours.
 */
export function foreignPage(from: Provenance, address: string): "foreign-host" | "cross-site" | undefined {
  const host = hostName(from.host ?? "");
  if (from.host !== undefined && !isLocalName(host) && host !== address.toLowerCase()) return "foreign-host";
  if (from.secFetchSite?.toLowerCase() === "cross-site") return "cross-site";
  if (from.origin === undefined) return undefined;
  const [, authority = ""] = /^[a-z][a-z0-9+.-]*:\/\/(.+)$/i.exec(from.origin) ?? [];
  return authority !== "" && hostName(authority) === host ? undefined : "cross-site";
}

/** Without the port, in lower case, IPv6 without its brackets. */
function hostName(authority: string): string {
  const [, six, other] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(authority) ?? [];
  return (six ?? other ?? authority).toLowerCase();
}

/** An address, or a name without a dot: public names have one. */
function isLocalName(name: string): boolean {
  return isIP(name) !== 0 || /^[a-z0-9_-]+$/.test(name) || /^[a-z0-9_.-]+\.localhost$/.test(name);
}
