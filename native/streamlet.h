/* One streamlet, from its preparation to its end. */
#ifndef HEADRACE_STREAMLET_H
#define HEADRACE_STREAMLET_H

#include <sys/types.h>

struct isolation;

/* The rights that this streamlet gives up; set before it serves. */
void set_isolation(const struct isolation *);
/* Prepares what needs no channel; sends the first message on the channel; serves until the end. */
void prepare_to_serve(void);
/* Gives up the rights that a streamlet does not need, once. `serve_manager` does it if nothing did
 * before; a spare of the zygote does it while it waits. */
void confine_streamlet(void);
/* Its process id as the manager sees it; valid after `prepare_to_serve`. */
pid_t own_number(void);
void greet_manager(int fd);
_Noreturn void serve_manager(double beat_ms);

#endif
