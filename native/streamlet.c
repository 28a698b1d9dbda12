/* One streamlet: its channel to the manager, its direct connection to the gateway, its
 * heartbeats. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"
#include "confine.h"
#include "deadlines.h"
#include "order.h"
#include "pids.h"
#include "process.h"
#include "report.h"
#include "stream.h"
#include "streamlet.h"
#include "transfer.h"
#include "watch.h"

#define EVENTS 64
#define HOG_BYTES 4194304
#define HOG_MS 10

/* The direct connection of the gateway: first the socket that listens for it, then the source of
 * orders. */
static struct channel direct_channel;
static enum { NOT_OPEN, LISTENING, CONNECTED } direct_state;
/* Listens once: no second socket can be made later. −1 = already used, or there is none. */
static int direct_socket = -1;
/* /proc/self/statm, opened before the filter forbids opening files. */
static int memory_file = -1;
static struct isolation isolation;
static char hogging;
static char greeting[64];
static size_t greeting_length;
static pid_t number;

static void receive(const char *json, int socket);
#ifdef HOSTILE
/* Used only by test/native/hostile.c. */
void attempt(const char *what);
#endif

/* The listener is shut down but never closed. The filter kills a process that connects from its
 * descriptor number, so no upstream's socket may get that number. */
static void retire_listener(void) {
  unwatch(direct_channel.fd);
  shutdown(direct_channel.fd, SHUT_RDWR);
  direct_channel.watched = 0;
  direct_channel.fd = -1;
}

static void close_direct(void) {
  if (direct_state == LISTENING) retire_listener();
  else close_channel(&direct_channel);
  direct_state = NOT_OPEN;
}

static void listen_at(const char *path) {
  static const char listening[] = "{\"kind\":\"pipe\"}\n";
  if (direct_state != NOT_OPEN || direct_socket < 0 || !listen_for_direct(direct_socket, path)) return;
  direct_channel.fd = direct_socket;
  direct_socket = -1;
  direct_state = LISTENING;
  if (watch_channel(&direct_channel, &direct_channel)) report_line(listening, sizeof listening - 1);
  else close_direct();
}

static void accept_direct(void) {
  int fd = accept4(direct_channel.fd, NULL, NULL, SOCK_CLOEXEC);
  if (fd < 0) return;
  retire_listener();
  direct_channel.fd = fd;
  direct_channel.direct = 1;
  direct_state = CONNECTED;
  if (!watch_channel(&direct_channel, &direct_channel)) close_direct();
}

static void serve_direct(void) {
  if (direct_state == LISTENING) accept_direct();
  else if (direct_state == CONNECTED && !read_channel(&direct_channel, receive)) close_direct();
}

static void receive(const char *json, int socket) {
  char kind[16] = "";
  json_text(json, "kind", kind, sizeof kind);
  if (strcmp(kind, "open") == 0) {
    open_stream(json, socket);
    return;
  }
  if (socket >= 0) close(socket);
  if (strcmp(kind, "exit") == 0) {
    send_last_words(&manager);
    leave();
  }
  if (strcmp(kind, "close") == 0) close_stream(json_number(json, "stream", 0));
  if (strcmp(kind, "pipe") == 0) {
    char path[128] = "";
    if (json_text(json, "path", path, sizeof path)) listen_at(path);
  }
  if (strcmp(kind, "hog") == 0) {
    char what[16] = "";
    json_text(json, "what", what, sizeof what);
#ifdef HOSTILE
    attempt(what);
#endif
    hogging = what[0];
  }
}

static long resident_bytes(void) {
  char text[128];
  long pages = 0;
  ssize_t got = memory_file < 0 ? 0 : pread(memory_file, text, sizeof text - 1, 0);
  if (got <= 0) return 0;
  text[got] = 0;
  return sscanf(text, "%*s %ld", &pages) == 1 ? pages * sysconf(_SC_PAGESIZE) : 0;
}

static void beat(double lag_ms) {
  struct rusage usage;
  char line[1536], degraded[1024];
  getrusage(RUSAGE_SELF, &usage);
  const int any = list_degraded(degraded, sizeof degraded) > 0;
  double cpu_ms = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
                  (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
  int length = snprintf(line, sizeof line,
                        "{\"kind\":\"beat\",\"open\":%d,\"cpuMs\":%.3f,\"rssBytes\":%ld,\"lagMs\":%.3f,"
                        "\"bytesIn\":%llu,\"bytesOut\":%llu,\"errorCount\":%lld%s%s%s}\n",
                        totals.open, cpu_ms, resident_bytes(), lag_ms, (unsigned long long)totals.bytes_in,
                        (unsigned long long)totals.bytes_out, (long long)totals.errors,
                        any ? ",\"degraded\":[" : "", degraded, any ? "]" : "");
  report_line(line, (size_t)length);
}

static void hog(void) {
  if (hogging == 'm') {
    char *bytes = malloc(HOG_BYTES);
    if (bytes == NULL) out_of_memory();
    memset(bytes, 1, HOG_BYTES);
    /* Never freed; this line keeps the compiler from removing the allocation. */
    __asm__ volatile("" : : "r"(bytes) : "memory");
  } else
    for (double until = now_ms() + HOG_MS; now_ms() < until;) continue;
}

/* 0 = the manager has ended. */
static int serve_channel(uint32_t events) {
  if (events & EPOLLOUT && !flush_channel(&manager)) return 0;
  return !(events & ~(uint32_t)EPOLLOUT) || read_channel(&manager, receive);
}

/* Waits for events and handles them. */
static void turn(int wait_ms) {
  struct epoll_event events[EVENTS];
  int count = wait_for_events(events, EVENTS, wait_ms);
  for (int i = 0; i < count; i++) {
    void *what = events[i].data.ptr;
    if (what == &direct_channel) serve_direct();
    else if (what != NULL) serve(what, events[i].events);
    else if (!serve_channel(events[i].events)) leave();
  }
  sweep_streams();
}

static _Noreturn void loop(double beat_ms) {
  double due_ms = now_ms() + beat_ms;
  for (;;) {
    int wait_ms = look_after_streams();
    double left_ms = due_ms - now_ms();
    if (left_ms < 0) left_ms = 0;
    if (wait_ms < 0 || wait_ms > left_ms) wait_ms = (int)left_ms + 1;
    turn(hogging ? 0 : wait_ms);
    if (hogging) hog();
    double late_ms = now_ms() - due_ms;
    if (late_ms < 0) continue;
    /* No further heartbeat while the manager has not read the last one. */
    if (manager.unsent_length == 0) beat(late_ms);
    due_ms = now_ms() + beat_ms;
  }
}

void prepare_to_serve(void) {
  int made = make_watch_set();
  direct_socket = make_direct_socket();
  memory_file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  number = outer_pid();
  greeting_length = (size_t)snprintf(greeting, sizeof greeting, "{\"kind\":\"ready\",\"pid\":%d}\n", (int)number);
  if (made) return;
  perror("streamlet");
  exit(1);
}

pid_t own_number(void) { return number; }

void set_isolation(const struct isolation *given) { isolation = *given; }

void confine_streamlet(void) {
  static int done;
  if (!done) confine(&isolation, direct_socket);
  done = 1;
}

void greet_manager(int fd) {
  manager.fd = fd;
  report_line(greeting, greeting_length);
}

void serve_manager(double beat_ms) {
  if (!watch_channel(&manager, NULL)) {
    perror("streamlet");
    exit(1);
  }
  confine_streamlet();
  loop(beat_ms);
}

#ifdef FUZZING
void begin_for_fuzzing(int fd) {
  static int made;
  if (!made) made = make_watch_set();
  is_over = 0;
  hogging = 0;
  if (direct_socket < 0) direct_socket = make_direct_socket();
  manager.fd = fd;
  if (!watch_channel(&manager, NULL)) abort();
}

int is_over_for_fuzzing(void) { return is_over; }

void turn_for_fuzzing(void) {
  if (setjmp(next_input) == 0) {
    look_after_streams();
    turn(0);
    return;
  }
  if (setjmp(next_input) == 0) end_streams();
  sweep_streams();
  if (direct_state != NOT_OPEN) close_direct();
  close_channel(&manager);
}
#endif
