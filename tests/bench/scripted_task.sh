#!/usr/bin/env bash
# One task the way a careful person scripts it with git, curl and jq: the peer
# of `pj` in tasks_bench.sh. Takes the variables of `pj run`; the model is to
# answer with a unified diff.
set -euo pipefail
branch=pj/$TASK_ID
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tell() { # TYPE STATUS MESSAGE [PR_URL]
  jq -n --arg type "$1" --arg taskId "$TASK_ID" --arg status "$2" \
    --arg message "$3" --arg prUrl "${4:-}" --arg branchName "$branch" \
    '$ARGS.named' |
    curl -sS --max-time 10 -o "$work/reply" -H 'Content-Type: application/json' \
      --data-binary @- "$WEBHOOK_URL"
}

export GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.extraHeader
GIT_CONFIG_VALUE_0="Authorization: Basic $(printf 'x-access-token:%s' "$GITHUB_TOKEN" | base64 -w0)"
export GIT_CONFIG_VALUE_0
tell task.progress running 'Cloning repository...'
git clone -q --depth 1 --branch main "$TARGET_REPO" "$work/clone"
cd "$work/clone"
git switch -q -c "$branch"

tell task.progress running 'Asking the model...'
{
  printf 'Task: %s\n\nFiles:\n' "$AGENT_PROMPT"
  git ls-files | head -n 200
  printf '\nREADME.md:\n'
  cat README.md
} | jq -Rs '{model: "gpt-4o", messages: [
    {role: "system", content: "Answer with a unified diff and nothing else."},
    {role: "user", content: .}]}' |
  curl -sS --fail --retry 3 -H "Authorization: Bearer $OPENAI_API_KEY" \
    -H 'Content-Type: application/json' --data-binary @- \
    "$OPENAI_BASE_URL/chat/completions" |
  jq -j '.choices[0].message.content' | sed '/^```/d' >"$work/change.diff"
git apply --recount "$work/change.diff"
git add -A
git -c user.name=Script -c user.email=script@localhost \
  commit -q -m "Script: $TASK_ID"
git push -q origin "$branch"

path=${TARGET_REPO%.git}
url=$(jq -n --arg title "Script: $TASK_ID" --arg head "$branch" \
  --arg base main --arg body "$AGENT_PROMPT" '$ARGS.named' |
  curl -sS --fail -H "Authorization: Bearer $GITHUB_TOKEN" \
    -H 'Accept: application/vnd.github+json' --data-binary @- \
    "$GITHUB_API_URL/repos/$(basename "$(dirname "$path")")/$(basename "$path")/pulls" |
  jq -r .html_url)
tell task.completed success 'Pull request created' "$url"
