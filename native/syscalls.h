#ifndef HEADRACE_SYSCALLS_H
#define HEADRACE_SYSCALLS_H

/* Installs a filter: afterwards a system call that a streamlet does not need kills the process
 * (SIGSYS). It may connect only with `may_connect`, and never with the descriptor `listener`. 1
 * also in a build without a filter; 0 = the kernel refuses it. */
int filter_syscalls(int may_connect, int listener);
/* The same for Node, with a list of forbidden calls: starting processes (threads are allowed),
 * signalling or inspecting other processes, changing the machine, and, without `may_connect`,
 * sockets other than Unix ones. It survives exec. 0 = the kernel refuses it. */
int forbid_syscalls(int may_connect);
int has_syscall_filter(void);

#endif
