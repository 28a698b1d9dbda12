/* The processes that a zygote or launcher has started and that have not ended. */
#ifndef HEADRACE_CHILDREN_H
#define HEADRACE_CHILDREN_H

#include <stddef.h>
#include <sys/types.h>

struct child {
  pid_t pid;
  /* `spare`: it waits for its connection; `place` is its index among the spares. */
  int spare, place;
};

/* Whether one more child can be noted. Call it before the fork: a child must never be lost. */
int make_room_for_child(void);
/* Needs room. */
void note_child(struct child);
struct child *find_child(pid_t);
/* `child` is one that find_child returned. */
void forget_child(struct child *child);
void kill_children(void);

#endif
