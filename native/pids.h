/* A PID namespace for the streamlets of one maker (pid_namespaces(7)): they neither see nor signal
 * any process outside it. The maker stays outside, so that it sees the same process ids as the
 * manager. */
#ifndef HEADRACE_PIDS_H
#define HEADRACE_PIDS_H

#include <sys/types.h>

struct isolation;

/* Whether a namespace is possible here. It needs pidfd_open(2), and a /proc of this process's own
 * namespace, from which a streamlet reads its id outside. */
int may_have_own_pids(void);
/* After unshare(CLONE_NEWPID): forks the first process of the namespace, which only waits until all
 * others have ended. If it ends earlier, the kernel kills the others. `arguments` are those of the
 * program; one is replaced, so that ps shows what the process is. Returns its id, −1 on failure. */
pid_t start_first_process(const struct isolation *, char **arguments);
/* True in a process of the namespace whose maker has ended. */
int maker_has_ended(void);
/* This process's id as the manager sees it. */
pid_t outer_pid(void);

#endif
