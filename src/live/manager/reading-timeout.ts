/**
 * Calls `task` after a time, but not before what had come by then was read: Node runs timers that
 * are due before it reads from its channels. So a process that did not run for that time would
 * take a message that waits to be read for one that never came. Returns what cancels it.
 */
export function timeoutAfterReading(delayMs: number, task: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    immediate = setImmediate(task);
  }, delayMs);
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}
