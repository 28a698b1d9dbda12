/* The one epoll set of this process. A descriptor leaves the set before it is closed: another
 * process may still have the same file open (a socket that was handed over), and epoll would
 * continue to report it with a pointer to freed memory. */
#ifndef HEADRACE_WATCH_H
#define HEADRACE_WATCH_H

#include <stdint.h>
#include <sys/epoll.h>

/* Makes the set; 0 = the system refuses it. A forked child makes its own. */
int make_watch_set(void);
/* Closes a forked child's copy of its parent's set, which stays as it is there. */
void leave_watch_set(void);
/* 0 = it cannot be watched. */
int watch(int fd, uint32_t events, void *as);
/* Changes what is waited for on a watched descriptor. */
void watch_for(int fd, uint32_t events, void *as);
/* Takes a descriptor out of the set, then closes it. The only way to close what was watched. */
void close_watched(int fd);
/* Takes a descriptor out of the set; it stays open. */
void unwatch(int fd);
/* As epoll_wait. */
int wait_for_events(struct epoll_event *events, int room, int timeout_ms);

#endif
