// Reference for workload B, the same model as workload-b.yaml: one day, thinned diurnal Poisson arrivals, lognormal holding times and
// spawns, streamlets of 20 slots, least connections by a bitset per load, crashes, an HPA-like tick of 15 s, histogram metrics.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <queue>
#include <vector>

static const double DAY = 86400, TICK = 15, RATE = 1e6 / DAY, AMPLITUDE = 0.3, TARGET = 0.7, TOLERANCE = 0.1, MTBF = DAY;
static const int SLOTS = 20, LEAST = 400, MOST = 700, WORDS = 16, WINDOW_TICKS = 20;
static const double HOLDING_SIGMA = std::sqrt(std::log(2.0)), HOLDING_MU = std::log(600.0) - std::log(2.0) / 2;
static const double SPAWN_MU = std::log(2.0), SPAWN_SIGMA = std::log(6.0 / 2.0) / 2.3263478740408408;

// --- random numbers: sfc32, polar method, as in src/base/random.ts
struct Random {
  uint32_t s[4];
  double spare = NAN;
  explicit Random(uint32_t seed) : s{seed, seed * 7 + 1, seed * 13 + 2, 1} {
    for (int i = 0; i < 20; i++) uniform();
  }
  double uniform() {
    uint32_t t = s[0] + s[1] + s[3]++;
    s[0] = s[1] ^ (s[1] >> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >> 11)) + t;
    return (t + 0.5) * 2.3283064365386963e-10;
  }
  double exponential() { return -std::log(uniform()); }
  double normal() {
    if (spare == spare) {
      double kept = spare;
      spare = NAN;
      return kept;
    }
    for (;;) {
      double u = 2 * uniform() - 1, v = 2 * uniform() - 1, r = u * u + v * v;
      if (r >= 1 || r == 0) continue;
      double f = std::sqrt(-2 * std::log(r) / r);
      spare = v * f;
      return u * f;
    }
  }
};

// --- log-linear histogram, 64 buckets per octave
struct Histogram {
  std::vector<double> counts = std::vector<double>(50 * 64 + 1);
  double count = 0, sum = 0, least = INFINITY, most = -INFINITY;
  void record(double value) {
    count++;
    sum += value;
    least = std::min(least, value);
    most = std::max(most, value);
    if (value == 0) {
      counts[0]++;
      return;
    }
    uint64_t bits;
    std::memcpy(&bits, &value, 8);
    int exponent = int((bits >> 52) & 0x7ff) - 1023;
    int bucket = exponent < -10 ? 1 : exponent >= 40 ? 50 * 64 : 1 + (exponent + 10) * 64 + int((bits >> 46) & 63);
    counts[bucket]++;
  }
};

struct Level {
  double value = 0, integral = 0, since = 0;
  void add(double delta, double now) {
    integral += value * (now - since);
    since = now;
    value += delta;
  }
};

enum Kind : uint32_t { CRASH, DEPART, READY, TICK_EVENT, ARRIVE };
struct Event {
  double time;
  uint64_t order;
  uint32_t kind, index, generation;
  bool operator<(const Event& other) const { return time != other.time ? time > other.time : order > other.order; }
};

enum State { FREE, SPAWNING, READY_STATE, DRAINING };
struct Streamlet {
  State state = FREE;
  int open = 0, first = -1;
  uint32_t generation = 0;
  double readyAt = 0;
};
struct Lease {
  double arrived = 0, started = 0;
  int streamlet = -1, next = -1, previous = -1;
  uint32_t generation = 0;
};
struct Waiting {
  double arrived, holding;
};

struct Model {
  std::priority_queue<Event> pending;
  uint64_t sequence = 0, events = 0;
  double now = 0;
  Random arrivals, holdings, spawns, faults;
  std::vector<Streamlet> streamlets;
  std::vector<int> freeStreamlets, spawningOrder;
  std::vector<Lease> leases;
  std::vector<int> freeLeases;
  std::deque<Waiting> waiting;
  uint64_t buckets[SLOTS + 1][WORDS] = {};
  int bucketSizes[SLOTS + 1] = {};
  int ready = 0, spawning = 0, openReady = 0;
  std::deque<int> recommendations;
  Histogram waits, served;
  Level open, readyLevel, spawningLevel, drainingLevel;
  std::vector<double> perMinute = std::vector<double>(1441);
  long arrived = 0, completed = 0, interrupted = 0, crashes = 0, launched = 0;

  explicit Model(uint32_t seed) : arrivals(seed), holdings(seed + 1), spawns(seed + 2), faults(seed + 3) {}

  void schedule(double time, Kind kind, uint32_t index, uint32_t generation) {
    pending.push({time, (uint64_t(kind) << 56) | sequence++, kind, index, generation});
  }
  void place(int s, int load) {
    buckets[load][s >> 6] |= 1ull << (s & 63);
    bucketSizes[load]++;
  }
  void displace(int s, int load) {
    buckets[load][s >> 6] &= ~(1ull << (s & 63));
    bucketSizes[load]--;
  }
  int leastLoaded() const {
    for (int load = 0; load < SLOTS; load++) {
      if (bucketSizes[load] == 0) continue;
      for (int w = 0; w < WORDS; w++)
        if (buckets[load][w]) return w * 64 + __builtin_ctzll(buckets[load][w]);
    }
    return -1;
  }
  void nextArrival() {
    double at = now;
    for (;;) {
      at += arrivals.exponential() / (RATE * (1 + AMPLITUDE));
      double relative = 1 + AMPLITUDE * std::sin(2 * M_PI * at / DAY);
      if (arrivals.uniform() * (1 + AMPLITUDE) <= relative) break;
    }
    schedule(at, ARRIVE, 0, 0);
  }
  void launch(bool atOnce) {
    int s;
    if (!freeStreamlets.empty()) {
      s = freeStreamlets.back();
      freeStreamlets.pop_back();
    } else {
      s = int(streamlets.size());
      streamlets.emplace_back();
    }
    Streamlet& streamlet = streamlets[s];
    streamlet.state = SPAWNING;
    streamlet.open = 0;
    streamlet.first = -1;
    spawning++;
    launched++;
    spawningOrder.push_back(s);
    spawningLevel.add(1, now);
    schedule(now + (atOnce ? 0 : std::exp(SPAWN_MU + SPAWN_SIGMA * spawns.normal())), READY, s, streamlet.generation);
  }
  void forget(int s) {
    streamlets[s].state = FREE;
    streamlets[s].generation++;
    freeStreamlets.push_back(s);
  }
  void assign(int s, double arrivedAt, double holding) {
    Streamlet& streamlet = streamlets[s];
    displace(s, streamlet.open);
    place(s, ++streamlet.open);
    openReady++;
    open.add(1, now);
    waits.record(now - arrivedAt);
    int l;
    if (!freeLeases.empty()) {
      l = freeLeases.back();
      freeLeases.pop_back();
    } else {
      l = int(leases.size());
      leases.emplace_back();
    }
    Lease& lease = leases[l];
    lease.arrived = arrivedAt;
    lease.started = now;
    lease.streamlet = s;
    lease.previous = -1;
    lease.next = streamlet.first;
    if (lease.next >= 0) leases[lease.next].previous = l;
    streamlet.first = l;
    schedule(now + holding, DEPART, l, lease.generation);
  }
  void serveWaiting(int s) {
    while (!waiting.empty() && streamlets[s].state == READY_STATE && streamlets[s].open < SLOTS) {
      Waiting next = waiting.front();
      waiting.pop_front();
      assign(s, next.arrived, next.holding);
    }
  }
  void arrive() {
    arrived++;
    perMinute[int(now / 60)]++;
    double holding = std::exp(HOLDING_MU + HOLDING_SIGMA * holdings.normal());
    nextArrival();
    int s = leastLoaded();
    if (s >= 0) assign(s, now, holding);
    else waiting.push_back({now, holding});
  }
  void endLease(int l) {
    Lease& lease = leases[l];
    if (lease.previous >= 0) leases[lease.previous].next = lease.next;
    else streamlets[lease.streamlet].first = lease.next;
    if (lease.next >= 0) leases[lease.next].previous = lease.previous;
    lease.generation++;
    freeLeases.push_back(l);
    open.add(-1, now);
    served.record(now - lease.started);
  }
  void depart(int l) {
    int s = leases[l].streamlet;
    endLease(l);
    completed++;
    Streamlet& streamlet = streamlets[s];
    if (streamlet.state == DRAINING) {
      if (--streamlet.open == 0) {
        drainingLevel.add(-1, now);
        forget(s);
      }
      return;
    }
    openReady--;
    displace(s, streamlet.open);
    place(s, --streamlet.open);
    serveWaiting(s);
  }
  void becomeReady(int s) {
    Streamlet& streamlet = streamlets[s];
    streamlet.state = READY_STATE;
    streamlet.readyAt = now;
    spawning--;
    ready++;
    spawningOrder.erase(std::find(spawningOrder.begin(), spawningOrder.end(), s));
    spawningLevel.add(-1, now);
    readyLevel.add(1, now);
    place(s, 0);
    schedule(now + faults.exponential() * MTBF, CRASH, s, streamlet.generation);
    serveWaiting(s);
  }
  void crash(int s) {
    Streamlet& streamlet = streamlets[s];
    crashes++;
    if (streamlet.state == READY_STATE) {
      displace(s, streamlet.open);
      openReady -= streamlet.open;
      ready--;
      readyLevel.add(-1, now);
    } else drainingLevel.add(-1, now);
    while (streamlet.first >= 0) {
      endLease(streamlet.first);
      interrupted++;
    }
    bool replace = streamlet.state == READY_STATE;
    forget(s);
    if (replace) launch(false);
  }
  void shrink(int surplus) {
    while (surplus > 0 && !spawningOrder.empty()) {
      int s = spawningOrder.back();
      spawningOrder.pop_back();
      spawning--;
      spawningLevel.add(-1, now);
      forget(s);
      surplus--;
    }
    if (surplus == 0) return;
    std::vector<int> newest;
    for (int s = 0; s < int(streamlets.size()); s++)
      if (streamlets[s].state == READY_STATE) newest.push_back(s);
    std::sort(newest.begin(), newest.end(), [&](int a, int b) { return streamlets[a].readyAt > streamlets[b].readyAt; });
    for (int i = 0; i < surplus; i++) {
      int s = newest[i];
      displace(s, streamlets[s].open);
      openReady -= streamlets[s].open;
      ready--;
      readyLevel.add(-1, now);
      if (streamlets[s].open == 0) forget(s);
      else {
        streamlets[s].state = DRAINING;
        drainingLevel.add(1, now);
      }
    }
  }
  void tick() {
    int current = ready + spawning, raw = current;
    double ratio = ready == 0 ? 1 : double(openReady) / (ready * SLOTS) / TARGET;
    if (ratio < 1 - TOLERANCE || ratio > 1 + TOLERANCE) raw = int(std::ceil(ratio * ready));
    int stable = raw;
    for (int before : recommendations) stable = std::max(stable, before);
    if (raw > current) stable = raw;
    else stable = std::min(stable, current);
    recommendations.push_back(raw);
    if (int(recommendations.size()) > WINDOW_TICKS) recommendations.pop_front();
    int desired = std::min(std::max(stable, LEAST), MOST);
    for (int i = current; i < desired; i++) launch(false);
    if (desired < current) shrink(current - desired);
    schedule(now + TICK, TICK_EVENT, 0, 0);
  }
  void run() {
    for (int i = 0; i < LEAST; i++) launch(true);
    schedule(TICK, TICK_EVENT, 0, 0);
    nextArrival();
    while (!pending.empty() && pending.top().time <= DAY) {
      const Event event = pending.top();
      pending.pop();
      if (event.kind == DEPART ? leases[event.index].generation != event.generation
                               : event.kind <= READY && streamlets[event.index].generation != event.generation)
        continue;
      now = event.time;
      events++;
      switch (event.kind) {
        case CRASH: crash(event.index); break;
        case DEPART: depart(event.index); break;
        case READY: becomeReady(event.index); break;
        case TICK_EVENT: tick(); break;
        case ARRIVE: arrive(); break;
      }
    }
    now = DAY;
    open.add(0, now);
    readyLevel.add(0, now);
  }
};

int main(int argc, char** argv) {
  const int days = argc > 1 ? std::atoi(argv[1]) : 3;
  uint64_t events = 0;
  double seconds = 0;
  for (int day = 0; day <= days; day++) {
    Model model(42 + day);
    const clock_t began = std::clock();
    model.run();
    if (model.arrived != model.completed + model.interrupted + long(model.waiting.size()) + long(model.open.value)) return 1;
    if (day > 0) {  // the first day warms the caches up
      seconds += double(std::clock() - began) / CLOCKS_PER_SEC;
      events += model.events;
    }
    if (day < days) continue;
    std::printf("{\"events\": %llu, \"nsPerEvent\": %.2f, \"openMean\": %.1f, \"readyMean\": %.1f, \"crashes\": %ld, \"meanWaitMs\": %.6f}\n",
                (unsigned long long)events, seconds * 1e9 / events, model.open.integral / DAY, model.readyLevel.integral / DAY,
                model.crashes, model.waits.sum / model.waits.count * 1000);
  }
}
