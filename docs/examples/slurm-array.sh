#!/bin/bash
# One task of the array is one part of the sweep. Each result is a file, named by a hash of its run. Submit a task that was
# killed again: it runs only what is missing. When all have ended: headrace sweep sweep.yaml --out runs
#   sbatch docs/examples/slurm-array.sh sweep.yaml
#SBATCH --job-name=headrace-sweep
#SBATCH --array=1-10
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --output=headrace-sweep-%a.log
set -euo pipefail

# --shard comes from SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT. runs/ lies on a file system that all nodes share.
exec headrace sweep "${1:-sweep.yaml}" --out runs --threads "${SLURM_CPUS_PER_TASK:-1}" --keep-going --progress json
