/* A PID namespace for the streamlets of one maker (pid_namespaces(7)): they see no process outside it and can signal none. The maker stays outside, so that it
 * knows its children by the numbers that the manager knows. */
#ifndef HEADRACE_PIDS_H
#define HEADRACE_PIDS_H

#include <sys/types.h>

struct isolation;

/* Can a maker have one here? It takes a /proc of this process's own namespace, by which a streamlet learns its number outside, and pidfd_open(2). */
int may_have_own_pids(void);
/* After unshare(CLONE_NEWPID): forks the first process of the namespace, which waits until all others have ended, and does nothing else. When it ends the
 * kernel kills the others. `arguments` are those of the program; one of them is renamed, for people. Returns its number, −1 if it cannot be had. */
pid_t start_first_process(const struct isolation *, char **arguments);
/* True in a process of the namespace whose maker has ended. */
int maker_has_ended(void);
/* This process's number as the manager knows it. */
pid_t outer_pid(void);

#endif
