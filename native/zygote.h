#ifndef HEADRACE_ZYGOTE_H
#define HEADRACE_ZYGOTE_H

#include <sys/types.h>

/* The life of a zygote, or, with the arguments of a streamlet to start anew, of a launcher: its channel to the manager, and where it
 * listens. `first` is the first process of the PID namespace of its children, 0 where they have none. Returns an exit code if it cannot
 * begin. */
int run_zygote(int fd, const char *path, double beat_ms, pid_t first, char *const arguments[]);

#endif
