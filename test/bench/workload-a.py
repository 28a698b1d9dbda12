"""Reference for workload A in SimPy: M/M/50 at rho = 0.9, FIFO, one process per customer; counted as two events per customer.

Runs on SimPy 3 and 4 (pip install simpy) and on the 2.3 that Debian calls python3-simpy; both cost about the same.
"""
import json
import random
import sys
import time

customers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
draw = random.Random(1)


def prepare_simpy():
    import simpy

    env = simpy.Environment()
    servers = simpy.Resource(env, capacity=50)

    def customer():
        with servers.request() as slot:
            yield slot
            yield env.timeout(draw.expovariate(1.0))

    def source():
        for _ in range(customers):
            env.process(customer())
            yield env.timeout(draw.expovariate(45.0))

    env.process(source())
    return simpy.__version__, env.run


def prepare_simpy_2():
    import SimPy
    from SimPy.Simulation import Process, Resource, Simulation, hold, release, request

    class Customer(Process):
        def go(self, servers):
            yield request, self, servers
            yield hold, self, draw.expovariate(1.0)
            yield release, self, servers

    class Source(Process):
        def go(self, servers):
            for _ in range(customers):
                customer = Customer(sim=self.sim)
                self.sim.activate(customer, customer.go(servers))
                yield hold, self, draw.expovariate(45.0)

    sim = Simulation()
    sim.initialize()
    source = Source(sim=sim)
    sim.activate(source, source.go(Resource(capacity=50, sim=sim)))
    return SimPy.__version__, lambda: sim.simulate(until=1e18)


try:
    version, run = prepare_simpy()
except ImportError:
    version, run = prepare_simpy_2()
began = time.process_time()
run()
seconds = time.process_time() - began
print(json.dumps({"version": str(version), "nsPerEvent": seconds * 1e9 / (2 * customers)}))
