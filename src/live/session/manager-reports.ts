import type { LiveFaults } from "../run/live-faults.js";
import type { LiveRun } from "../run/live-run.js";
import type { SupervisorListener } from "../run/supervisor-listener.js";
import type { LiveWatch } from "../watch/live-watch.js";

/**
 * Passes what the managers report to the run, the watch and the faults. `faultsNow` gives the
 * faults that are injected at present, since they start after the first manager.
 */
export function supervisorListener(
  run: LiveRun,
  watch: LiveWatch,
  faultsNow: () => LiveFaults | undefined,
): SupervisorListener {
  return {
    onReady: (id) => {
      faultsNow()?.onReady(id);
      run.onReady(id);
    },
    onEnded: (id, report) => run.onEnded(id, report),
    onBeat: (id, beat) => run.onBeat(id, beat),
    onStopped: (id, reason, detail, lost) => {
      faultsNow()?.onStopped(id);
      run.onStopped(id, reason, detail, lost);
    },
    onAsked: (request) => run.onAsked(request),
    onManager: (event) => watch.onManager(event),
    onNotice: (line) => watch.notice("manager", line),
  };
}
