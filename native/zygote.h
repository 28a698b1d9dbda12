#ifndef HEADRACE_ZYGOTE_H
#define HEADRACE_ZYGOTE_H

/* The life of a zygote, or, with the arguments of a streamlet to start anew, of a launcher: its channel to the manager, and where it
 * listens. Returns an exit code if it cannot begin. */
int run_zygote(int fd, const char *path, double beat_ms, char *const arguments[]);

#endif
