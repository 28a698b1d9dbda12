/* Executes this program again, once for each connection of the manager. */
#ifndef HEADRACE_LAUNCHER_H
#define HEADRACE_LAUNCHER_H

#include <signal.h>
#include <sys/types.h>

struct launcher {
  /* A socket that does not block. */
  int listener;
  pid_t manager_pid;
  uid_t manager_uid;
  /* The signal mask of the new processes. */
  sigset_t mask;
};

/* Accepts all connections that wait, and starts a streamlet with `arguments` for each of them. The
 * connection becomes its channel. */
void launch_waiting(const struct launcher *, char *const arguments[]);

#endif
