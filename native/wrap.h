#ifndef HEADRACE_WRAP_H
#define HEADRACE_WRAP_H

/* Runs another program with as much confinement as is possible. Returns an exit code if it
 * cannot. */
int run_wrapped(const char *isolation, char *readable, char *sockets, char *command[]);
/* `streamlet --wrap TEXT`: prints the names of the restrictions that hold. */
int probe_wrap(const char *isolation);

#endif
