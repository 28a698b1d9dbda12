#include "answer.h"

#include <stdio.h>
#include <string.h>

/* The table of src/live/wire/refusal-text.ts (failureStatus). */
static const struct {
  const char *detail;
  int status;
  const char *phrase;
} failures[] = {
    {"malformed", 400, "Bad Request"},
    {"idle", 408, "Request Timeout"},
    {"too-large", 413, "Payload Too Large"},
    {"upstream-failed", 502, "Bad Gateway"},
};

size_t failure_answer(char out[MAX_FAILURE_ANSWER], const char *detail, int http) {
  for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
    if (strcmp(failures[i].detail, detail) != 0) continue;
    const int status = failures[i].status;
    if (!http) return (size_t)snprintf(out, MAX_FAILURE_ANSWER, "HEADRACE/1 %d %s\n", status, detail);
    return (size_t)snprintf(out, MAX_FAILURE_ANSWER,
                            "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                            "Connection: close\r\n\r\n{\"error\":\"%s\"}\n",
                            status, failures[i].phrase, strlen(detail) + sizeof "{\"error\":\"\"}\n" - 1, detail);
  }
  return 0;
}
