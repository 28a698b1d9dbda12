#!/usr/bin/env bash
# Runs docs/examples/slurm-array.sh on a Slurm of one node, as root on Debian with slurm-wlm and munge installed:
#   apt-get install -y --no-install-recommends slurm-wlm munge && scripts/slurm-example.sh
# Everything lies in a temporary folder, and every process that is started is ended.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d -t headrace-slurm-XXXXXX)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
host=$(hostname -s)
mkdir -p "$work"/{state,spool,munge,bin,job}
chmod 755 "$work"
head -c 1024 /dev/urandom >"$work/munge/key"
chown -R munge "$work/munge"
chmod 711 "$work/munge"
chmod 400 "$work/munge/key"
setpriv --reuid munge --regid munge --clear-groups munged --foreground --force --socket="$work/munge/socket" \
  --key-file="$work/munge/key" --pid-file="$work/munge/pid" --log-file="$work/munge/log" \
  --seed-file="$work/munge/seed" 2>/dev/null &
pids+=($!)
cat >"$work/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$host
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldPort=16817
SlurmdPort=16818
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$work/slurm.conf"
for _ in $(seq 50); do [ -S "$work/munge/socket" ] && break; sleep 0.1; done
[ -S "$work/munge/socket" ] || exit 1
slurmctld -D -f "$SLURM_CONF" >"$work/slurmctld.log" 2>&1 &
pids+=($!)
slurmd -D -f "$SLURM_CONF" >"$work/slurmd.log" 2>&1 &
pids+=($!)
for _ in $(seq 60); do sinfo -h -o %T 2>/dev/null | grep -q idle && break; sleep 0.5; done
sinfo || { tail -n 5 "$work"/*.log; exit 1; }

printf '#!/bin/sh\nexec node %s/bin/headrace.js "$@"\n' "$root" >"$work/bin/headrace"
chmod +x "$work/bin/headrace"
export PATH="$work/bin:$PATH"
cd "$work/job"
cp "$root/scenarios/mm10.yaml" .
cat >sweep.yaml <<'END'
scenario: mm10.yaml
design: grid
axes: {policies.static.count: {from: 6, to: 10, step: 1}}
seeds: 4
END
sbatch --wait --array=1-4 --cpus-per-task=1 --mem=400M "$root/docs/examples/slurm-array.sh" sweep.yaml || {
  tail -n 5 headrace-sweep-*.log "$work"/slurm*.log
  exit 1
}
sbatch --version
for log in headrace-sweep-*.log; do
  echo "$log: $(grep -c . "$log") lines, last: $(tail -n 1 "$log" | cut -c1-100)"
done
headrace sweep sweep.yaml --out runs --quiet --json | grep -E '^  "(runs|done|failed|hash)"'
headrace sweep sweep.yaml --out alone --quiet --json | grep -E '^  "hash"'
