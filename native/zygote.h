#ifndef HEADRACE_ZYGOTE_H
#define HEADRACE_ZYGOTE_H

#include <sys/types.h>

/* Runs a zygote; with `arguments`, those of a streamlet to execute, runs a launcher. `fd` is its
 * channel to the manager, `path` the socket to listen on. `first` is the first process of the
 * children's PID namespace, 0 if they have none. Returns an exit code only if it cannot start. */
int run_zygote(int fd, const char *path, double beat_ms, pid_t first, char *const arguments[]);

#endif
