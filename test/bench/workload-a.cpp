// Reference for workload A: M/M/50 at rho = 0.9, FIFO, two events per customer, std::priority_queue.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <queue>
#include <random>
#include <vector>

struct Event {
  double time;
  uint64_t order;
  int kind;
  bool operator<(const Event& other) const { return time != other.time ? time > other.time : order > other.order; }
};

static uint32_t s[4] = {1, 2, 3, 4};
static inline double uniform() {
  uint32_t t = s[0] + s[1] + s[3]++;
  s[0] = s[1] ^ (s[1] >> 9);
  s[1] = s[2] + (s[2] << 3);
  s[2] = ((s[2] << 21) | (s[2] >> 11)) + t;
  return (t + 0.5) * 2.3283064365386963e-10;
}
static inline double exponential() { return -std::log(uniform()); }

int main(int argc, char** argv) {
  const long customers = argc > 1 ? std::atol(argv[1]) : 3000000;
  std::priority_queue<Event> pending;
  std::deque<double> waiting;
  uint64_t order = 0, events = 0;
  int busy = 0;
  long arrived = 0;
  double wait = 0;
  const clock_t began = std::clock();
  pending.push({0, order++, 1});
  while (!pending.empty()) {
    const Event event = pending.top();
    pending.pop();
    events++;
    if (event.kind == 0) {
      if (!waiting.empty()) {
        wait += event.time - waiting.front();
        waiting.pop_front();
        pending.push({event.time + exponential(), order++, 0});
      } else busy--;
    } else {
      if (busy < 50) {
        busy++;
        pending.push({event.time + exponential(), order++, 0});
      } else waiting.push_back(event.time);
      if (++arrived < customers) pending.push({event.time + exponential() / 45, order++, 1});
    }
  }
  const double ns = double(std::clock() - began) / CLOCKS_PER_SEC * 1e9;
  std::printf("{\"events\": %llu, \"nsPerEvent\": %.2f, \"meanWait\": %.6f}\n", (unsigned long long)events, ns / events, wait / customers);
}
