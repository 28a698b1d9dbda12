/* The rights that a streamlet gives up before it reads its first untrusted byte. */
#ifndef HEADRACE_CONFINE_H
#define HEADRACE_CONFINE_H

#include <sys/types.h>

/* How a class is confined: `--isolation` of the program's arguments, `none`, or `UID:GID` (of the
 * manager itself if −1) and `,connect` where streams are forwarded to other addresses. */
struct isolation {
  int wanted;
  long uid, gid;
  int may_connect;
};

/* 0 = the text is not valid. */
int read_isolation(const char *text, struct isolation *);
enum { OWN_NETWORK = 1, OWN_MOUNTS = 2, OWN_PIDS = 4 };

/* For the maker of streamlets, as root: new network and mount namespaces, which its streamlets
 * share, and a PID namespace for its children only. Returns the bits of those that it has now. */
int leave_namespaces(const struct isolation *);
/* Gives up all rights. Afterwards a system call that a streamlet does not need kills it (SIGSYS).
 * `listener` is the socket that may listen but not connect. If a step fails that this kernel
 * supports, prints the reason on stderr and exits with UNCONFINED. */
void confine(const struct isolation *, int listener);
/* Gives up only user and capabilities, permanently. */
void give_up_rights(const struct isolation *);
/* `streamlet --isolation TEXT`: confines itself, and prints one line with the names of the
 * restrictions that hold, separated by spaces. */
int probe_isolation(const char *text);

#define UNCONFINED 72

#endif
