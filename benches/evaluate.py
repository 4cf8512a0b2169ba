#!/usr/bin/env python3
"""A year of one-minute slices: `sla evaluate` beside DuckDB (`pip install duckdb`) on the same files.

    python3 benches/evaluate.py [SIGNALS] [FOLDER]

Writes a table of 525,600 rows and a monthly target for each signal into the folder (35 MB a signal), and prints what each
takes. DuckDB computes the same monthly means, in floats.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MINUTES = 525_600

HEAD = """agreement year "A year of minutes" {
  version "1.0"
  status draft
  effective 2027-01-01 to 2027-12-31
  timezone "UTC"
  currency EUR
}
party host "Host" as provider
party guest "Guest" as customer
service web "Web" { by host to guest }
fee web_fee "Fee" of web = 1000.00 EUR per calendar month
"""

EACH = """signal s{k} "Requests {k}" as events of web {{ measured by host; count total; count failed; missing bad }}
metric e{k} "Error rate {k}" = s{k}.failed / s{k}.total when empty 0%
metric u{k} "Uptime {k}" = 100% - mean(e{k} per 1min)
commitment c{k} "Uptime {k}" of web {{
  target u{k} >= 99.95% per calendar month
  credit of web_fee {{ below target gives 10% }}
  claim automatic
}}
"""

QUERY = """
with slices as (
  select filename, date_trunc('month', time) as month, time_bucket(interval 1 minute, time) as slice,
         sum(failed)::double / nullif(sum(total), 0) as rate
  from read_csv('{folder}/*.csv', filename = true, header = true,
                columns = {{'time': 'TIMESTAMPTZ', 'total': 'BIGINT', 'failed': 'BIGINT'}})
  group by 1, 2, 3)
select filename, month, 1 - avg(coalesce(rate, 0)) from slices group by 1, 2
"""


def generate(signals: int, folder: Path) -> None:
    start = datetime(2027, 1, 1, tzinfo=timezone.utc)
    times = [(start + timedelta(minutes=i)).strftime("%Y-%m-%dT%H:%M:%SZ") for i in range(MINUTES)]
    for k in range(signals):
        chance = random.Random(k)
        rows = (
            f"{at},{chance.randint(100, 3000)},{chance.randint(0, 3) if chance.random() < 0.3 else 0}\n"
            for at in times
        )
        (folder / f"s{k}.csv").write_text("time,total,failed\n" + "".join(rows))
    (folder / "year.sla").write_text(HEAD + "".join(EACH.format(k=k) for k in range(signals)))


def timed(name: str, command: list[str]) -> None:
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, f"{name} failed"
    seconds = time.monotonic() - start
    cores = (usage.ru_utime + usage.ru_stime) / seconds
    print(f"{name:<14} {seconds:6.2f} s   {cores:.1f} cores   {usage.ru_maxrss // 1024:>6} MiB")


def main() -> None:
    signals = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as name:
        folder = Path(name)
        generate(signals, folder)
        print(f"{signals * MINUTES:,} rows of {signals} signals")
        sla = [str(ROOT / "target/release/sla"), "evaluate", str(folder / "year.sla"), "--data", name, "--period", "2027"]
        query = f"import duckdb; c = duckdb.connect(); c.execute('set threads = 2'); c.execute('''{QUERY.format(folder=name)}''').fetchall()"
        for _ in range(3):
            timed("sla evaluate", sla)
            timed("DuckDB", [sys.executable, "-c", query])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
