# Sourced by the scripts beside it: where things are, how they are built.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }

# The comment at the top of the script is its help.
usage() { sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p;}' "$0"; }

# ccache keeps its files in HOME; where that is missing or read-only, here.
cache_home=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}
if [ -z "${CCACHE_DIR:-}" ]; then
  mkdir -p "$cache_home/ccache" 2>/dev/null || true
  [ -w "$cache_home/ccache" ] || export CCACHE_DIR="$root/build/ccache"
fi

# As many compilers as there are cores and 1.5 GB portions of free memory.
jobs=$(nproc)
by_memory=$(awk '/^MemAvailable:/ { print int($2 / 1500000) }' /proc/meminfo)
if [ "$by_memory" -lt "$jobs" ]; then jobs=$((by_memory > 1 ? by_memory : 1)); fi

# configure FOLDER PRESET [CMAKE_OPTION...]: quiet unless it fails.
configure() {
  local folder=$1 preset=$2 log
  shift 2
  mkdir -p "$root/build"
  log=$root/build/${folder##*/}-configure.log
  (cd "$root" && cmake --preset "$preset" -B "$folder" "$@") >"$log" 2>&1 || {
    cat "$log" >&2
    die "cmake could not configure $folder; the lines above say why"
  }
}

# build FOLDER [TARGET...]: the progress is ninja's own, one line on a terminal.
build() {
  local folder=$1
  shift
  NINJA_STATUS='[%f/%t, %e s] ' \
    cmake --build "$folder" --parallel "$jobs" ${1:+--target "$@"}
}
