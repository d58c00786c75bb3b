#!/usr/bin/env bash
# What 10,000 TLS handshakes at once cost on this machine by OpenSSL's own
# programs, with nothing to send: the floor of `many_streams_bench 10000 tls`,
# whose client and server share the same cores.
#
#   handshakes_bench.sh BUILD_FOLDER [SECONDS]
set -euo pipefail
export LC_ALL=C
seconds=${2:-10}
work=$(mktemp -d)
servers=()
finish() {
  for pid in "${servers[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP
cd "$work"
# As pj-mock's: P-256, signed by an authority of its own.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc \
  -keyout ca.key -out ca.pem -days 1 -subj '/CN=bench' 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc \
  -keyout server.key -subj '/CN=localhost' 2>/dev/null |
  openssl x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 \
    -out server.pem 2>/dev/null

# In a pair one waits for the other: a pair to a core keeps all cores busy.
pairs=$(nproc)
clients=()
for ((i = 0; i < pairs; ++i)); do
  openssl s_server -accept 127.0.0.1:0 -cert server.pem -key server.key -www \
    >"server$i" 2>&1 &
  servers+=($!)
  until grep -q '^ACCEPT' "server$i"; do
    kill -0 $! 2>/dev/null || { cat "server$i" >&2; exit 1; }
    sleep 0.05
  done
  openssl s_time -connect "$(sed -n 's/^ACCEPT //p' "server$i" | head -1)" \
    -CAfile ca.pem -verify 1 -new -time "$seconds" >"client$i" 2>/dev/null &
  clients+=($!)
done
wait "${clients[@]}"
cat client* | awk -v took="$seconds" '
  /real seconds/ { n += $1 }
  END {
    if (!n) exit 1
    printf "openssl s_time and s_server: %.0f handshakes/s; 10,000 take %.1f s, " \
           "so streams of 20 s x%.2f at least\n",
           n / took, 1e4 * took / n, 1 + 1e4 * took / n / 20
  }'
