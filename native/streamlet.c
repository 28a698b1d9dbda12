/* The ultra-light streamlet: a small static program that speaks the same messages as src/live/streamlet/main.ts over the same channel.
 * Arguments: heartbeat period in ms, formats (comma-separated), bits per second that it may send (0 = any), isolation (confine.h). It ends with its parent, busy
 * or not; with `--launched` after these, with its channel only. With `--zygote SOCKET` or `--launcher SOCKET` it makes streamlets instead
 * (zygote.c). */
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
#include "stream.h"
#include "watch.h"

#define EVENTS 64
#define HOG_BYTES 4194304
#define HOG_MS 10

static struct channel channel;
/* The gateway's direct line: where it is to connect, then where orders come from. */
static struct channel line;
static enum { NO_LINE, LISTENING, CONNECTED } line_state;
/* Listens once in a life: no other can be made afterwards. −1 = it was used, or there is none. */
static int line_socket = -1;
/* /proc/self/statm, opened while files can be opened. */
static int memory_file = -1;
static struct isolation isolation;
static char hogging;
static char greeting[64];
static size_t greeting_length;

double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

/* The end of this process, or of one input of the fuzz runs. */
#ifdef FUZZING
#include <setjmp.h>
static jmp_buf next_input;
static int is_over;
static _Noreturn void leave(void) {
  is_over = 1;
  longjmp(next_input, 1);
}
#else
static _Noreturn void leave(void) { exit(0); }
#endif

void report_line(const char *line, size_t length) {
  if (send_line(&channel, line, length)) return;
  if (channel.unsent_length > 0) fprintf(stderr, "streamlet: the manager has not read %d bytes\n", MAX_UNSENT);
  leave();
}

void out_of_memory(void) { exit(OUT_OF_MEMORY); }

static void receive(const char *json, int socket);
#ifdef HOSTILE
/* Of a test: test/native/hostile.c. */
void attempt(const char *what);
#endif

static void close_line(void) {
  close_channel(&line);
  line_state = NO_LINE;
}

static void listen_at(const char *path) {
  static const char listening[] = "{\"kind\":\"line\"}\n";
  if (line_state != NO_LINE || line_socket < 0 || !listen_for_line(line_socket, path)) return;
  line.fd = line_socket;
  line_socket = -1;
  line_state = LISTENING;
  if (watch_channel(&line, &line)) report_line(listening, sizeof listening - 1);
  else close_line();
}

static void accept_line(void) {
  int fd = accept4(line.fd, NULL, NULL, SOCK_CLOEXEC);
  if (fd < 0) return;
  close_channel(&line);
  line.fd = fd;
  line.direct = 1;
  line_state = CONNECTED;
  if (!watch_channel(&line, &line)) close_line();
}

static void serve_line(void) {
  if (line_state == LISTENING) accept_line();
  else if (line_state == CONNECTED && !read_channel(&line, receive)) close_line();
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
    send_last_words(&channel);
    leave();
  }
  if (strcmp(kind, "close") == 0) close_stream(json_number(json, "stream", 0));
  if (strcmp(kind, "line") == 0) {
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
                        "{\"kind\":\"beat\",\"open\":%d,\"cpuMs\":%.3f,\"rssBytes\":%ld,\"lagMs\":%.3f,\"bytesIn\":%llu,"
                        "\"bytesOut\":%llu,\"errorCount\":%lld%s%s%s}\n",
                        totals.open, cpu_ms, resident_bytes(), lag_ms, (unsigned long long)totals.bytes_in,
                        (unsigned long long)totals.bytes_out, (long long)totals.errors, any ? ",\"degraded\":[" : "", degraded, any ? "]" : "");
  report_line(line, (size_t)length);
}

static void hog(void) {
  if (hogging == 'm') {
    char *bytes = malloc(HOG_BYTES);
    if (bytes == NULL) out_of_memory();
    memset(bytes, 1, HOG_BYTES);
    /* Kept for ever, which the compiler must not see. */
    __asm__ volatile("" : : "r"(bytes) : "memory");
  } else
    for (double until = now_ms() + HOG_MS; now_ms() < until;) continue;
}

/* 0 when the manager is gone. */
static int serve_channel(uint32_t events) {
  if (events & EPOLLOUT && !flush_channel(&channel)) return 0;
  return !(events & ~(uint32_t)EPOLLOUT) || read_channel(&channel, receive);
}

/* Waits for something to do, and does it. */
static void turn(int wait_ms) {
  struct epoll_event events[EVENTS];
  int count = wait_for_events(events, EVENTS, wait_ms);
  for (int i = 0; i < count; i++) {
    void *what = events[i].data.ptr;
    if (what == &line) serve_line();
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
    /* Who has not read the last one needs no other. */
    if (channel.unsent_length == 0) beat(late_ms);
    due_ms = now_ms() + beat_ms;
  }
}

void prepare_to_serve(void) {
  int made = make_watch_set();
  line_socket = make_line_socket();
  memory_file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  greeting_length = (size_t)snprintf(greeting, sizeof greeting, "{\"kind\":\"ready\",\"pid\":%d}\n", (int)getpid());
  if (made) return;
  perror("streamlet");
  exit(1);
}

void confine_streamlet(void) {
  static int done;
  if (!done) confine(&isolation, line_socket);
  done = 1;
}

void greet_manager(int fd) {
  channel.fd = fd;
  report_line(greeting, greeting_length);
}

void serve_manager(double beat_ms) {
  if (!watch_channel(&channel, NULL)) {
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
  if (line_socket < 0) line_socket = make_line_socket();
  channel.fd = fd;
  if (!watch_channel(&channel, NULL)) abort();
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
  if (line_state != NO_LINE) close_line();
  close_channel(&channel);
}
#else
static int knows_formats(char *names) {
  for (char *name = strtok(names, ","); name != NULL; name = strtok(NULL, ",")) {
    struct decoder *probe = create_decoder(name);
    if (probe == NULL) {
      fprintf(stderr, "streamlet: no decoder for the format %s\n", name);
      return 0;
    }
    probe->destroy(probe);
  }
  return 1;
}

/* Makes streamlets with the arguments that it was itself given. */
static int make_streamlets(int fd, char **arguments) {
  char *const anew[] = {arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], "--launched", NULL};
  leave_namespaces(&isolation);
  return run_zygote(fd, arguments[6], atof(arguments[1]), strcmp(arguments[5], "--launcher") == 0 ? anew : NULL);
}

int main(int count, char **arguments) {
  init_checksums();
  if (count == 3 && strcmp(arguments[1], "--check") == 0) return check_decoder(arguments[2]);
  if (count == 3 && strcmp(arguments[1], "--isolation") == 0) return probe_isolation(arguments[2]);
  if (count == 3 && strcmp(arguments[1], "--wrap") == 0) return probe_wrap(arguments[2]);
  if (count > 6 && strcmp(arguments[1], "--wrap") == 0 && strcmp(arguments[5], "--") == 0)
    return run_wrapped(arguments[2], arguments[3], arguments[4], arguments + 6);
  const char *fd = getenv("NODE_CHANNEL_FD");
  int maker = count == 7 && (strcmp(arguments[5], "--zygote") == 0 || strcmp(arguments[5], "--launcher") == 0);
  int launched = count == 6 && strcmp(arguments[5], "--launched") == 0;
  if ((count != 5 && !maker && !launched) || fd == NULL || !read_isolation(arguments[4], &isolation)) {
    fprintf(stderr, "streamlet: started by the manager only\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  if (!knows_formats(arguments[2])) return 1;
  limit_network(atof(arguments[3]));
  if (maker) return make_streamlets(atoi(fd), arguments);
  pid_t parent = getppid();
  if (!launched) prctl(PR_SET_PDEATHSIG, SIGKILL);
  /* It may have died before the kernel was asked. */
  if (!launched && getppid() != parent) return 0;
  prepare_to_serve();
  greet_manager(atoi(fd));
  serve_manager(atof(arguments[1]));
}
#endif
