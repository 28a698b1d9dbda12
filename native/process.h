/* What every part of the program needs of its process. */
#ifndef HEADRACE_PROCESS_H
#define HEADRACE_PROCESS_H

#include <sys/types.h>

/* Exit code for the address-space limit, which only makes allocations fail. The manager recognises
 * it. */
#define OUT_OF_MEMORY 71
_Noreturn void out_of_memory(void);
double now_ms(void);
/* Whether this process and user are at the other end of a Unix socket. Inside a PID namespace every
 * process outside it has the id 0. */
int is_peer(int fd, pid_t, uid_t);

#endif
