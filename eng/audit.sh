#!/usr/bin/env bash
# Asks the package source for known vulnerabilities of all packages, transitive ones too. Fails where there are any; says so in one line where the source has no advisories.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

found=$(timeout 60 dotnet list RiskDurable.sln package --vulnerable --include-transitive --no-restore 2>&1)
code=$?
if grep -q 'has the following vulnerable packages' <<< "$found"; then
  grep -E 'following vulnerable|^ *>' <<< "$found" | sort -u >&2
  echo "audit: packages with known vulnerabilities" >&2
  exit 1
fi
if [ "$code" -ne 0 ] || grep -qiE 'NU1900|NU1905|error|does not provide|no vulnerab.*(data|source)' <<< "$found"; then
  echo "audit: NOT CHECKED: the package source has no advisories"
else
  echo "audit: no known vulnerabilities"
fi
