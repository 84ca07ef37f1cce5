#!/usr/bin/env bash
# ./atlas test [FILTER] [--slow]: installs what the tests need, builds, checks the format, runs the tests, and counts.
set -u
home=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
cd "$home" || exit 1
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
logs=$home/artifacts/test-logs

usage() {
  cat <<'TEXT'
Usage: ./atlas test [FILTER] [--slow]

Builds with warnings as errors, checks the format and runs every test but the slow ones.
  FILTER   runs only tests whose full name (namespace.class.method) holds it; the format is not checked then
  --slow   runs the slow tests too: kill points, outages, millions of rows
The last line is: N passed, N failed, N skipped
TEXT
}

filter='' slow=no
for argument in "$@"; do
  case $argument in
    --slow) slow=yes ;;
    -h | --help | '-?') usage; exit 0 ;;
    -*) echo "$argument is no option of ./atlas test: see ./atlas test --help" >&2; exit 2 ;;
    *) [ -z "$filter" ] || { echo "Give one FILTER, not '$filter' and '$argument'." >&2; exit 2; }; filter=$argument ;;
  esac
done

# Ends everything with the line that readers and machines look for.
finish() { echo "$1 passed, $2 failed, $3 skipped"; [ "$2" -eq 0 ]; exit $?; }
stop() { echo "$1" >&2; finish 0 1 0; }

has_postgres() { command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres /usr/libexec/postgresql*/postgres >/dev/null 2>&1 || [ -n "${Atlas__Postgres__Bin-}" ]; }
has_chromium() { command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

install_needs() {
  missing=''
  has_postgres || missing="$missing postgresql"
  has_chromium || missing="$missing chromium-headless-shell"
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    stop "The tests need$missing, which this machine lacks: install it (Debian, Ubuntu: sudo apt-get install$missing; elsewhere the same names with your package manager), then run this again."
  fi
  # No default cluster is made or started: the product and its tests run their own.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  echo "Installing$missing"
  # The shell is chromium without windows: the same pages at half the work. Where there is none, the whole browser serves.
  # shellcheck disable=SC2086 # a list of names
  { apt-get update -q && { apt-cache show chromium-headless-shell >/dev/null 2>&1 || missing=${missing/chromium-headless-shell/chromium}; } && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold $missing; } >"$logs/install.log" 2>&1 </dev/null ||
    stop "$(grep '^E:' "$logs/install.log" | tail -1) (all of it is in $logs/install.log)"
}

command -v dotnet >/dev/null || stop "dotnet is not installed: install the .NET SDK 10 (https://dotnet.microsoft.com/download), then run this again."
mkdir -p "$logs" || stop "$home/artifacts cannot be written: run as its owner, or remove it."
rm -f "$logs"/*
install_needs

started=$SECONDS
echo "Restoring (locked)"
dotnet restore ModelAtlas.sln --locked-mode -nodeReuse:false -v quiet >"$logs/restore.log" 2>&1 </dev/null || {
  grep -E 'error|NU[0-9]{4}' "$logs/restore.log" | sort -u | head -20
  stop "The restore failed: all of it is in $logs/restore.log"
}
echo "Building (warnings are errors)"
dotnet build ModelAtlas.sln -c Release --no-restore -nologo -v quiet -warnaserror -nodeReuse:false -p:UseSharedCompilation=false >"$logs/build.log" 2>&1 </dev/null || {
  grep -E '(error|warning) ' "$logs/build.log" | sort -u | head -20
  stop "The build failed: all of it is in $logs/build.log"
}
echo "Built in $((SECONDS - started)) s"

# One step: the format check (of blanks and usings; the rules of style are errors of the build already), or one test project. Its result goes to a file, so that steps can run side by side.
step() {
  name=$1 log=$logs/$1.log began=$SECONDS
  if [ "$name" = format ]; then
    if dotnet format whitespace ModelAtlas.sln --no-restore --verify-no-changes >"$log" 2>&1 </dev/null; then verdict="0 0 0"; else verdict="0 1 0"; fi
  else
    arguments=(-noLogo -noColor)
    [ "$slow" = yes ] || arguments+=(-trait- Category=Slow)
    [ -z "$filter" ] || arguments+=(-method "*$filter*")
    limit=2400
    [ "$slow" = no ] || limit=10800
    run=()
    command -v timeout >/dev/null && run=(timeout --kill-after=20 "$limit")
    ${run[@]+"${run[@]}"} "artifacts/bin/$name/release/$name" "${arguments[@]}" >"$log" 2>&1 </dev/null
    code=$?
    verdict=$(awk '/ Total: [0-9]+/ {
      for (i = 1; i < NF; i++) { v = $(i + 1) + 0
        if ($i == "Total:") total = v; if ($i == "Errors:") errors = v; if ($i == "Failed:") failed = v; if ($i == "Skipped:") skipped = v; if ($(i - 1) == "Not" && $i == "Run:") idle = v }
      found = 1 }
      END { if (found) print total - failed - skipped - idle + 0, failed + errors, skipped + 0 }' "$log")
    # Ended without a count (a crash, or out of time), or unhappy about something it did not count.
    [ -n "$verdict" ] || verdict="0 1 0"
    read -r passed failed skipped <<<"$verdict"
    [ "$code" -eq 0 ] || [ "$failed" -gt 0 ] || verdict="$passed 1 $skipped"
  fi
  echo "$verdict" >"$logs/$name.count"
  read -r passed failed skipped <<<"$verdict"
  if [ "$failed" -gt 0 ]; then
    echo "$name: FAILED after $((SECONDS - began)) s, all of it is in $log"
    if [ "$name" = format ]; then grep -E 'error|warning' "$log" | head -20; else awk '/\[FAIL\]/ { on = 1; n++ } /^  Finished:/ { on = 0 } on && n <= 20' "$log"; [ "$passed" -gt 0 ] || tail -20 "$log"; fi
  elif [ "$name" = format ]; then
    echo "format: as it should be ($((SECONDS - began)) s)"
  else
    echo "$name: $passed passed, $skipped skipped ($((SECONDS - began)) s)"
  fi
}
export -f step
export home logs filter slow

steps=()
[ -n "$filter" ] || steps+=(format)
for project in tests/*.Tests/*.csproj; do steps+=("$(basename "$project" .csproj)"); done
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
printf '%s\n' "${steps[@]}" | xargs -P "$cores" -I '{}' bash -c 'step "$1"' step '{}'

for name in "${steps[@]}"; do [ -f "$logs/$name.count" ] || echo "0 1 0" >"$logs/$name.count"; done
read -r passed failed skipped <<<"$(cat "$logs"/*.count | awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')"
[ $((passed + failed + skipped)) -gt 0 ] || stop "No test's name holds '$filter'."
echo "All of it took $((SECONDS - started)) s"
finish "$passed" "$failed" "$skipped"
