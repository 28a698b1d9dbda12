#ifndef HEADRACE_SYSCALLS_H
#define HEADRACE_SYSCALLS_H

/* From here on each system call that a streamlet does not make kills the process (SIGSYS). Connects only with `may_connect`, and never with the
 * descriptor `line`. 1 also where this build has no filter; 0 if the kernel refuses it. */
int filter_syscalls(int may_connect, int line);
/* The same for Node, by a list of what it never does: processes of its own (threads are allowed), signals to others, looking into others, changing
 * what the machine is, and, but with `may_connect`, sockets other than Unix ones. It survives exec. 0 if the kernel refuses it. */
int forbid_syscalls(int may_connect);
int has_syscall_filter(void);

#endif
