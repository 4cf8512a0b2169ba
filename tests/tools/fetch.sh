#!/usr/bin/env bash
# Fetches the programs from outside that some tests run, without installing them: Debian's packages are downloaded and
# unpacked under target/tools/. Running it again does nothing.
set -eu

cd "$(dirname "$0")/../.."
tools="$PWD/target/tools"
mkdir -p "$tools/packages"

# fetch PACKAGE PROGRAM: makes PROGRAM of Debian's PACKAGE available below target/tools/PACKAGE/.
fetch() {
    local package="$1" program="$2"
    if "$tools/$package/$program" --version >/dev/null 2>&1; then
        return
    fi
    if ! (cd "$tools/packages" && apt-get download "$package"); then
        apt-get update
        (cd "$tools/packages" && apt-get download "$package")
    fi
    rm -rf "${tools:?}/$package"
    dpkg-deb -x "$(ls -t "$tools/packages/$package"_*.deb | head -n 1)" "$tools/$package"
    "$tools/$package/$program" --version
}

fetch prometheus usr/bin/promtool

# The Python package that knows holidays, in an environment of its own.
if ! "$tools/python/bin/python3" -c 'import holidays' 2>/dev/null; then
    python3 -m venv "$tools/python"
    "$tools/python/bin/pip" install --quiet 'holidays==0.109'
fi
