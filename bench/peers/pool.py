# Python's ProcessPoolExecutor with two processes; their start is part of it. Nothing durable.
import sys
from concurrent.futures import ProcessPoolExecutor

from peer import check_sum, cold, noop, run_true, seconds, show


def main(size):
    hops, commands = min(1000, size // 20), min(2000, size // 10)
    submitted, futures = 0, []

    def submit():
        futures.extend(pool.submit(noop, index) for index in range(size))

    def whole():
        nonlocal submitted
        submitted = seconds(submit)
        check_sum([future.result() for future in futures], size)

    with ProcessPoolExecutor(2) as pool:
        end_to_end = seconds(whole)
        hopping = seconds(lambda: [pool.submit(noop, index).result() for index in range(hops)])
        shell = seconds(lambda: list(pool.map(run_true, range(commands))))
    show({
        "endToEnd": size / end_to_end,
        "submit": size / submitted,
        "hop": hopping * 1000 / hops,
        "shell": commands / shell,
        "cold": cold(__file__),
    })


if __name__ == "__main__":
    if sys.argv[1] == "cold":
        with ProcessPoolExecutor(2) as pool:
            print(pool.submit(noop, 42).result(), flush=True)
    else:
        main(int(sys.argv[1]))
