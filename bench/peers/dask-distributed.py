# dask.distributed: a scheduler and two worker processes of one thread on this machine, without its web page. Not durable.
import sys

from distributed import Client, LocalCluster
from peer import check_sum, cold, noop, run_true, seconds, show

SETTINGS = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}


def main(client, size):
    hops, commands = min(1000, size // 20), min(2000, size // 10)
    submitted, futures = 0, []

    def submit():
        futures.extend(client.submit(noop, index, pure=False) for index in range(size))

    def whole():
        nonlocal submitted
        submitted = seconds(submit)
        check_sum(client.gather(futures), size)

    def chain():
        last = client.submit(noop, 0, pure=False)
        for _ in range(hops):
            last = client.submit(noop, last, pure=False)
        last.result()

    end_to_end = seconds(whole)
    mapped = seconds(lambda: futures.extend(client.map(noop, range(size), pure=False)))
    del futures[:]
    hopping = seconds(chain)
    shell = seconds(lambda: client.gather(client.map(run_true, range(commands), pure=False)))
    show({
        "endToEnd": size / end_to_end,
        "submit": size / submitted,
        "submitBulk": size / mapped,
        "hop": hopping * 1000 / hops,
        "shell": commands / shell,
        "cold": cold(__file__),
    })


if __name__ == "__main__":
    with LocalCluster(**SETTINGS) as cluster, Client(cluster) as client:
        if sys.argv[1] == "cold":
            print(client.submit(noop, 42).result(), flush=True)
        else:
            main(client, int(sys.argv[1]))
