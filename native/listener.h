/* The Unix socket at which a zygote or launcher accepts connections of its manager. A process has
 * one. */
#ifndef HEADRACE_LISTENER_H
#define HEADRACE_LISTENER_H

/* Listens at an absolute path. `flags` are added to the socket's type. The descriptor, or -1. */
int listen_at(const char *path, int flags);
/* Removes the socket and its folder, which contains nothing else. */
void remove_listener(void);

#endif
