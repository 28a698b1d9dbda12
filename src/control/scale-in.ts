/** Which streamlets a pool that shrinks drains first. */
export const VICTIMS = ["emptiest", "newest", "oldest", "random"] as const;

/** How a pool shrinks. */
export interface ScaleIn {
  readonly victims: (typeof VICTIMS)[number];
  /** Takes a draining streamlet back before one is launched. */
  readonly undrain: boolean;
  /** Only empty streamlets go, now, or when they become empty while there are too many. */
  readonly lazy: boolean;
}
