#!/bin/sh
# A sweep in eight parts on a cluster with Slurm: `sbatch slurm.sh` in a folder that all nodes see. Afterwards
#
#   blis sweep --merge part-*.jsonl > sweep.jsonl
#
# names what is missing if a part is; `sbatch --array=3 slurm.sh` makes the third one again.
#SBATCH --job-name=blis-sweep
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
#SBATCH --output=part-%a.log

blis sweep --model qwen/qwen3-14b --latency-model roofline --rate 200 --num-requests 1000 \
  --vary num-instances=1..16 --seeds 5 \
  --threads "$SLURM_CPUS_PER_TASK" --shard "$SLURM_ARRAY_TASK_ID/8" > "part-$SLURM_ARRAY_TASK_ID.jsonl"
