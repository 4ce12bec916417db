"""scikit-learn's Ledoit-Wolf on the sizes of `allostat bench ledoit-wolf`; one JSON line a size."""
import os

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import json
import statistics
import time

import numpy as np
from sklearn.covariance import ledoit_wolf

rng = np.random.default_rng(1)
for n in (100, 500):
    market = rng.standard_normal((1260, 1))
    x = 0.0003 + 0.005 * (0.7 * market + rng.standard_t(5, (1260, n)))
    ledoit_wolf(x)
    wall, cpu = [], []
    for _ in range(20 if n == 100 else 10):
        c0, t0 = time.process_time(), time.perf_counter()
        _, shrinkage = ledoit_wolf(x)
        wall.append((time.perf_counter() - t0) * 1e3)
        cpu.append((time.process_time() - c0) * 1e3)
    print(json.dumps({
        "task": "ledoit-wolf", "peer": "scikit-learn", "size": f"synthetic 1260x{n}", "value": {"shrinkage": shrinkage},
        "median_ms": statistics.median(wall), "median_cpu_ms": statistics.median(cpu), "runs": len(wall),
    }))
