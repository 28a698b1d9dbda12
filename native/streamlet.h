/* One streamlet, from its preparation to its end. */
#ifndef HEADRACE_STREAMLET_H
#define HEADRACE_STREAMLET_H

#include <sys/types.h>

struct isolation;

/* The rights that this streamlet gives up; set before it serves. */
void set_isolation(const struct isolation *);
/* What can be done before there is a channel to the manager; its first words there; its life on it. */
void prepare_to_serve(void);
/* Gives up what a streamlet does not need, once; `serve_manager` does it at the latest. A spare of the zygote has the time before. */
void confine_streamlet(void);
/* Its number as the manager knows it; from `prepare_to_serve` on. */
pid_t own_number(void);
void greet_manager(int fd);
_Noreturn void serve_manager(double beat_ms);

#endif
