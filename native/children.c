#include "children.h"

#include <signal.h>
#include <stdlib.h>

static struct child *children;
static size_t child_count, child_room;

int make_room_for_child(void) {
  if (child_count < child_room) return 1;
  size_t room = child_room * 2 + 64;
  struct child *grown = realloc(children, room * sizeof *children);
  if (grown == NULL) return 0;
  children = grown;
  child_room = room;
  return 1;
}

void note_child(struct child child) { children[child_count++] = child; }

struct child *find_child(pid_t pid) {
  for (size_t i = 0; i < child_count; i++)
    if (children[i].pid == pid) return &children[i];
  return NULL;
}

void forget_child(struct child *child) { *child = children[--child_count]; }

void kill_children(void) {
  for (size_t i = 0; i < child_count; i++) kill(children[i].pid, SIGKILL);
}
