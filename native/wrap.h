#ifndef HEADRACE_WRAP_H
#define HEADRACE_WRAP_H

/* Runs another program, confined as far as that goes; returns an exit code if it cannot. */
int run_wrapped(const char *isolation, char *readable, char *sockets, char *command[]);
/* `streamlet --wrap TEXT`: prints what of that holds. */
int probe_wrap(const char *isolation);

#endif
