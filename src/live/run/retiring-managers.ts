import type { StreamletId } from "../../ports/fleet.js";
import type { DrainInTurn } from "./drain-in-turn.js";
import type { ManagerClient } from "./manager-client.js";

/** While there are this many, a further restart is refused. */
const MAX_RETIRING = 4;

/**
 * Managers that another has replaced. Each keeps its streamlets until they are drained, and is shut
 * down after the last of them.
 */
export class RetiringManagers {
  private readonly managers = new Set<ManagerClient>();

  constructor(
    /** The manager of each streamlet. */
    private readonly owners: ReadonlyMap<StreamletId, ManagerClient>,
    private readonly drains: DrainInTurn,
    /** One of them, by its process id, has ended. */
    private readonly onDone: (pid: number) => void,
  ) {}

  get size(): number {
    return this.managers.size;
  }

  get hasRoom(): boolean {
    return this.managers.size < MAX_RETIRING;
  }

  all(): readonly ManagerClient[] {
    return Array.from(this.managers);
  }

  /** Drains its streamlets one by one, as long as `isOpen`. */
  add(old: ManagerClient, isOpen: () => boolean): void {
    this.managers.add(old);
    const isDue = (id: StreamletId): boolean => isOpen() && this.owners.has(id);
    void this.drains.drainAll(this.idsOf(old), isDue).then(() => this.endDone());
  }

  /** The manager ended without being asked to. */
  forget(manager: ManagerClient): void {
    this.managers.delete(manager);
  }

  /** Shuts down those without a streamlet. */
  endDone(): void {
    for (const old of this.managers) {
      if (this.idsOf(old).length > 0) continue;
      this.managers.delete(old);
      void old.shutDown().then(() => this.onDone(old.up.pid));
    }
  }

  private idsOf(manager: ManagerClient): StreamletId[] {
    return Array.from(this.owners)
      .filter(([, owner]) => owner === manager)
      .map(([id]) => id);
  }
}
