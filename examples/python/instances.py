"""How many instances does this load need? Runs of `blis` from Python; the standard library is enough."""

import json
import subprocess
import sys


def simulate(config, blis="blis"):
    """The result of a run as a dictionary; settings that are left out have their defaults."""
    command = [blis, "run", "--format", "json", "--config", "-"]
    run = subprocess.run(command, input=json.dumps(config), capture_output=True, encoding="utf-8")
    if run.returncode != 0:
        raise ValueError(run.stderr.strip())
    return json.loads(run.stdout)


def main(blis="blis"):
    config = {"model": {"latency_model": "roofline"}, "workload": {"rate": 200, "num_requests": 1000}}
    runs = [simulate({**config, "cluster": {"num_instances": number}}, blis) for number in (4, 6, 8, 10, 12)]
    for run in runs:
        number, ttft = run["config"]["cluster"]["num_instances"], run["summary"]["ttft"]["p99_ms"]
        print(f"{number:2} instances: TTFT p99 {ttft:7.1f} ms, {run['verdict']['kind']}, digest {run['digest']}")
    try:
        import pandas
    except ImportError:
        return print("pandas is not installed: no data frame")
    frame = pandas.json_normalize(runs).set_index("config.cluster.num_instances").rename_axis("instances")
    print(frame[["summary.ttft.p99_ms", "summary.e2e.p99_ms", "verdict.kind"]])
    try:
        import matplotlib
    except ImportError:
        return print("matplotlib is not installed: no plot")
    matplotlib.use("Agg")
    frame.plot(y="summary.ttft.p99_ms", marker="o", logy=True).figure.savefig("instances.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
