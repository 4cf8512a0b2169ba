#!/usr/bin/env python3
"""Writes a portfolio of agreements that share three imported files, and measures how fast it is checked and built.

    python3 benches/projects.py FOLDER [AGREEMENTS] [--sla PATH] [--runs N]

The folder is made anew. Without `--sla` nothing is measured.
"""

import argparse
import pathlib
import shutil
import statistics
import subprocess
import time

TERMS = """\
/// What everybody is promised, unless the agreement says otherwise.
constant goal "Monthly goal" = 99.9%
/// Credits of everybody.
template month_credits(base as fee) of commitment {
  credit of base {
    below target gives 10%
    below 99.0%  gives 25%
    below 95.0%  gives 50%
  }
}
"""

CALENDARS = """\
import public from "holidays.sla"
calendar nights "Nights" { open mon to sun 00:00 to 06:00; closed public }
"""

HOLIDAYS = """\
holidays public "Public holidays" {
  closed 12-25 "Christmas Day", 12-26 "Second day of Christmas", 05-01 "Labour Day"
}
"""

AGREEMENT = """\
import goal, month_credits from "../../shared/terms.sla"
import nights from "../../shared/calendars.sla"

agreement customer_{n} "Hosting for customer {n}" {{
  version   "1.0"
  status    in_force
  effective 2027-01-01 to 2028-12-31
  timezone  "Europe/Berlin"
  currency  EUR
  waive     negotiation "In the master agreement"
  waive     expectations "In the master agreement"
  waive     responsibilities "In the master agreement"
  waive     risk "In the master agreement"
  waive     communication "In the master agreement"
  waive     review "In the master agreement"
  waive     disputes "In the master agreement"
}}
party acme "Acme GmbH" as provider {{ contact noc "Operations" {{ email "noc@acme.example" }} }}
party customer "Customer {n}" as customer {{ contact it "Service desk" {{ email "it@customer{n}.example" }} }}
records evidence "Records" {{ by acme; keep requests_0 for 24 months }}
audit measurement "Audit" {{ by customer to acme; every 12 months; announce 10 days before start }}
"""

SERVICE = """\

service api_{i} "Interface {i}" {{ by acme to customer; scope "Endpoints of interface {i}" }}
fee fee_{i} "Monthly fee of interface {i}" of api_{i} = {fee}.00 EUR per calendar month
signal requests_{i} "Requests to interface {i}" as events of api_{i} {{
  measured  by acme from "Access log"
  count     total
  count     failed
  missing   bad
  source prometheus {{
    total   counter  'http_requests_total{{job="api",customer="{n}",api="{i}"}}'
    failed  counter  'http_requests_total{{job="api",customer="{n}",api="{i}",code=~"5.."}}'
  }}
}}
metric error_rate_{i} "Error rate of interface {i}" = requests_{i}.failed / requests_{i}.total when empty 0%
metric uptime_{i} "Monthly uptime of interface {i}" = 100% - mean(error_rate_{i} per 5min)
maintenance planned_{i} "Maintenance of interface {i}" of api_{i} {{
  announce  3 days before start to customer.it
  on        nights
  budget    {budget}h per calendar year
  counts    excluded
  source prometheus {{ active gauge 'maintenance_active{{job="api",customer="{n}",api="{i}"}}' }}
}}
commitment kept_{i} "Availability of interface {i}" of api_{i} {{
  target  uptime_{i} >= goal per calendar month
  exclude planned_{i}
  use     month_credits(fee_{i})
  claim   by customer within 30 days of window end to acme.noc
}}
"""


def write(folder, agreements):
    """A folder for each hundred customers, as a portfolio would have one for each region."""
    shutil.rmtree(folder, ignore_errors=True)
    shared = folder / "shared"
    shared.mkdir(parents=True)
    # Four notes about maintenance in each agreement would be all that one sees.
    (folder / "sla.toml").write_text("[check]\nSLA803 = \"off\"\n")
    (shared / "terms.sla").write_text(TERMS)
    (shared / "calendars.sla").write_text(CALENDARS)
    (shared / "holidays.sla").write_text(HOLIDAYS)
    for n in range(agreements):
        region = folder / "customers" / f"region_{n // 100:02}"
        region.mkdir(parents=True, exist_ok=True)
        head = AGREEMENT.format(n=n)
        services = [SERVICE.format(n=n, i=i, fee=1000 + n % 500 + i, budget=2 + (n + i) % 3) for i in range(2)]
        (region / f"customer_{n:04}.sla").write_text(head + "".join(services))


def measure(sla, folder, runs, *arguments):
    seconds = []
    for _ in range(runs):
        shutil.rmtree(folder / "build", ignore_errors=True)
        begun = time.perf_counter()
        ran = subprocess.run([sla, *arguments], cwd=folder, capture_output=True, text=True, check=False)
        seconds.append(time.perf_counter() - begun)
    print(f"{' '.join(arguments):<30} median {statistics.median(seconds):.2f} s, least {min(seconds):.2f} s")
    print("   ", " / ".join(ran.stderr.strip().splitlines()[-2:]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("agreements", type=int, nargs="?", default=2000)
    parser.add_argument("--sla", help="the command that is measured")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    write(arguments.folder, arguments.agreements)
    if arguments.sla:
        sla = str(pathlib.Path(arguments.sla).resolve())
        measure(sla, arguments.folder, arguments.runs, "check")
        measure(sla, arguments.folder, arguments.runs, "build")


if __name__ == "__main__":
    main()
