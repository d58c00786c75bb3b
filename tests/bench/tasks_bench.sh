#!/usr/bin/env bash
# Whole tasks, from a prompt to a pull request, against pj-mock on this machine:
#
#   40 tasks, four at a time: pj against the same steps scripted with git, curl
#   and jq, side by side
#   20 pull requests against one cached repository of 5,000 files: pj against
#   clone, commit and push with the git program
#   100, 1,000 and 10,000 tasks, 20 to a repository: what each costs the engine
#
#   tasks_bench.sh BUILD_FOLDER [small|large|many]
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
what=${2:-all}
work=$(mktemp -d)
finish() {
  if [ -n "${mock_pid:-}" ]; then
    kill "$mock_pid" 2>/dev/null || true
    while kill -0 "$mock_pid" 2>/dev/null; do sleep 0.05; done
  fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

# make_repository NAME FILES: a bare one below $work/server.
make_repository() {
  local folder=$work/source-$1 i
  mkdir -p "$folder"
  git -C "$folder" init -q -b main
  printf '# Bench\n\nA repository to try tasks on.\n' >"$folder/README.md"
  for ((i = 1; i < $2; ++i)); do
    [ $((i % 50)) -ne 0 ] && [ $i -ne 1 ] || mkdir -p "$folder/part$((i / 50))"
    printf 'def f%d(n):\n    return n * %d\n\n\ndef g%d(n):\n    return f%d(n) + 1\n' \
      "$i" "$i" "$i" "$i" >"$folder/part$((i / 50))/file$i.py"
  done
  git -C "$folder" add -A
  git -C "$folder" -c user.name=Bench -c user.email=bench@localhost \
    commit -q -m 'Begin'
  git clone -q --bare "$folder" "$work/server/bench/$1.git"
  git -C "$work/server/bench/$1.git" config http.receivepack true
}

# The answer fits every task: each has a branch of its own.
mkdir -p "$work/server/bench"
cat >"$work/fixtures.yaml" <<'YAML'
tokens_per_second: 0
answers:
  - match: [bench]
    text: |
      ```diff
      --- a/README.md
      +++ b/README.md
      @@ -3 +3,3 @@
       A repository to try tasks on.
      +
      +And one more line.
      ```
YAML
start_mock() {
  exec {mock}< <(exec setsid "$build/pj-mock" --json --repo-dir "$work/server" \
    --fixtures "$work/fixtures.yaml" 2>"$work/mock.log")
  mock_pid=$!
  read -r -t 60 -u "$mock" places || { cat "$work/mock.log" >&2; exit 1; }
  at() { jq -er "$1" <<<"$places"; }
  server=$(at .git)
  export OPENAI_BASE_URL OPENAI_API_KEY GITHUB_API_URL GITHUB_TOKEN WEBHOOK_URL
  OPENAI_BASE_URL=$(at .openai) OPENAI_API_KEY=$(at .model_key)
  GITHUB_API_URL=$(at .github) GITHUB_TOKEN=$(at .token) WEBHOOK_URL=$(at .webhook)
}

# tasks_of PREFIX COUNT REPOSITORY: task ids, a line each.
ids() { for ((i = 1; i <= $2; ++i)); do printf '%s-%d\n' "$1" "$i"; done; }

# batch NAME COUNT REPOSITORY [LIMITS]: by the engine, in $work/home.
batch() {
  ids "$1" "$2" | jq -c --raw-input --arg repo "$server/bench/$3.git" \
    '{TARGET_REPO: $repo, TASK_ID: ., AGENT_PROMPT: "Tell of the bench in README.md"}' \
    >"$work/$1.jsonl"
  printf 'name: %s\ntasks: %s.jsonl\n%s\n' "$1" "$1" "${4:-}" >"$work/$1.yaml"
  env -i PATH="$PATH" HOME="$work/home" LANG=C.UTF-8 \
    OPENAI_BASE_URL="$OPENAI_BASE_URL" OPENAI_API_KEY="$OPENAI_API_KEY" \
    GITHUB_API_URL="$GITHUB_API_URL" GITHUB_TOKEN="$GITHUB_TOKEN" \
    WEBHOOK_URL="$WEBHOOK_URL" \
    "$build/pj" -q batch run "$work/$1.yaml" --format json >"$work/$1.out"
}

# measure COMMAND...: sets seconds and cpu (of the command and its children).
measure() {
  local TIMEFORMAT='%R %U %S'
  { time "$@" 2>"$work/stderr"; } 2>"$work/time" || {
    cat "$work/stderr" >&2
    exit 1
  }
  read -r seconds user system <"$work/time"
  cpu=$(jq -n "$user + $system")
}
per() { jq -nr "$1 | . * 100 | round / 100"; }
done_of() { jq '[.tasks[] | select(.state == "succeeded")] | length' "$work/$1.out"; }

small_repository() {
  local round
  for round in 1 2 3; do make_repository "small$round" 50; done
  start_mock
  one() { TASK_ID=$1 TARGET_REPO=$server/bench/$2.git AGENT_PROMPT='Tell of the bench in README.md' bash "$here/scripted_task.sh"; }
  export -f one
  export here server
  scripted() { ids "script$1" 40 | xargs -P 4 -I{} bash -c "one {} small$1"; }
  for round in 1 2 3; do
    measure batch "engine$round" 40 "small$round" 'limits: {concurrency: 4}'
    local ours=$seconds ours_cpu=$cpu
    measure scripted "$round"
    printf '40 tasks, 4 at a time: scripted %s s, %s tasks/s; pj %s of 40, %s s, %s tasks/s, %s ms CPU a task; x%s\n' \
      "$seconds" "$(per "40 / $seconds")" "$(done_of "engine$round")" "$ours" \
      "$(per "40 / $ours")" "$(per "$ours_cpu * 1000 / 40")" "$(per "$seconds / $ours")"
  done
}

by_git() { # ID
  local folder=$work/clone-$1
  git clone -q --depth 1 "$server/bench/large.git" "$folder"
  printf '\nAnd one more line.\n' >>"$folder/README.md"
  git -C "$folder" switch -q -c "git/$1"
  git -C "$folder" -c user.name=Bench -c user.email=bench@localhost commit -qam "$1"
  git -C "$folder" push -q origin "git/$1"
  rm -rf "$folder"
}

large_repository() {
  make_repository large 5000
  start_mock
  export GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.extraHeader
  GIT_CONFIG_VALUE_0="Authorization: Basic $(printf 'x-access-token:%s' "$GITHUB_TOKEN" | base64 -w0)"
  export GIT_CONFIG_VALUE_0 work server
  export -f by_git
  batch warm 1 large # the mirror is cached from here on
  local round way
  for round in 1 2; do
    measure batch "cached$round" 20 large
    local ours=$seconds
    for way in 1 4; do
      pushes() { ids "g$round-$way" 20 | xargs -P "$way" -I{} bash -c 'by_git {}'; }
      measure pushes
      printf '20 pull requests, 5,000 files: pj %s of 20 in %s s; git, %s at a time: clone, commit, push %s s; x%s\n' \
        "$(done_of "cached$round")" "$ours" "$way" "$seconds" "$(per "$seconds / $ours")"
    done
  done
}

many_tasks() {
  local n
  for n in 100 1000 10000; do
    "$build/pj" -q load --profile burst --repositories $((n / 20)) --tasks "$n" --json 2>"$work/stderr" |
      jq -r '"\(.tasks) tasks, \(.at_once) at once: \(.cpu_ms_per_task * 100 | round / 100) ms CPU a task, \(.tasks_per_s * 10 | round / 10) tasks/s, at most \(.peak_mb | round) MB, promises \(if .held then "held" else "BROKEN" end)"'
  done
}

case "$what" in
  small) small_repository ;;
  large) large_repository ;;
  many) many_tasks ;;
  all)
    (small_repository)
    (large_repository)
    many_tasks ;;
  *) echo "tasks_bench.sh: there is no part \"$what\": small, large, many" >&2; exit 2 ;;
esac
