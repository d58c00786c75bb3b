#pragma once
#include "actors/observer.hpp"
#include "adapters/executor.hpp"
#include "adapters/git/port.hpp"
#include "adapters/http/llm_port.hpp"
#include "adapters/http/port.hpp"
#include "adapters/store/port.hpp"
#include "adapters/work_tree/port.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace pj::test {

/// Runs jobs at once, or, when held, on demand.
struct inline_executor final : executor {
  bool held = false;
  std::deque<std::function<void()>> jobs;

  void post(std::function<void()> job) override {
    if (held)
      jobs.push_back(std::move(job));
    else
      job();
  }

  void release() {
    for (held = false; !jobs.empty();) {
      auto job = std::move(jobs.front());
      jobs.pop_front();
      job();
    }
  }
};

/// A journal in memory with the rules of the real one.
struct memory_store final : store_port {
  std::map<std::string, task_row> rows;
  std::vector<step_row> steps;
  std::vector<outbox_row> events;
  std::optional<failure> broken; ///< every write fails with this
  std::string broken_at; ///< if any: only writes that hold this step fail
  bool held = false;     ///< calls wait in line for `release`
  std::deque<std::function<void()>> waiting;

  void release() {
    for (auto todo = std::exchange(waiting, {}); auto& write_now : todo)
      write_now();
  }

  void write(std::vector<store_write> batch,
             std::function<void(result<done>)> then) override {
    if (held) {
      waiting.push_back([this, batch, then] { write(batch, then); });
      return;
    }
    if (broken && (broken_at.empty() || holds(batch, broken_at)))
      return then(*broken);
    for (const auto& w : batch)
      if (const auto* x = std::get_if<outbox_update>(&w);
          x && !has_event(x->id))
        return then(failure{failure_class::fail,
                            failure_code::journal,
                            "no event " + x->id,
                            {},
                            {}});
    for (auto& w : batch)
      std::visit([this](auto& x) { put(x); }, w);
    then(done{});
  }

  static bool holds(const std::vector<store_write>& batch,
                    const std::string& step) {
    return std::any_of(batch.begin(), batch.end(), [&](const auto& w) {
      const auto* x = std::get_if<step_row>(&w);
      return x && x->name == step;
    });
  }

  std::deque<failure> load_failures;

  void load(std::string task,
            std::function<void(result<task_history>)> then) override {
    if (held) {
      waiting.push_back([this, task, then] { load(task, then); });
      return;
    }
    if (!load_failures.empty()) {
      auto why = std::move(load_failures.front());
      load_failures.pop_front();
      return then(std::move(why));
    }
    task_history h;
    if (const auto i = rows.find(task); i != rows.end()) {
      h.task = i->second;
      for (const auto& s : steps)
        if (s.task == task && s.attempt == i->second.attempt)
          h.steps.push_back(s);
    }
    then(std::move(h));
  }

  void tasks(std::function<void(result<std::vector<task_row>>)> then) override {
    std::vector<task_row> all;
    for (const auto& [id, row] : rows)
      all.push_back(row);
    then(std::move(all));
  }

  void
  batch(std::function<void(result<std::optional<batch_row>>)> then) override {
    then(std::optional<batch_row>{});
  }

  void
  outbox(std::function<void(result<std::vector<outbox_row>>)> then) override {
    if (held) {
      waiting.push_back([this, then] { outbox(then); });
      return;
    }
    std::vector<outbox_row> pending;
    for (const auto& e : events)
      if (e.state == delivery_state::pending)
        pending.push_back(e);
    then(std::move(pending));
  }

  void all_events(
    std::function<void(result<std::vector<outbox_row>>)> then) override {
    then(events);
  }

  bool has_event(const std::string& id) const {
    return std::any_of(events.begin(), events.end(),
                       [&](const outbox_row& e) { return e.id == id; });
  }

  bool has_step(const std::string& name) const {
    return std::any_of(steps.begin(), steps.end(),
                       [&](const step_row& s) { return s.name == name; });
  }

private:
  void put(const task_row& x) { rows[x.id] = x; }
  void put(const batch_row&) {}

  void put(const step_row& x) {
    const auto same = [&](const step_row& s) {
      return s.task == x.task && s.attempt == x.attempt && s.name == x.name;
    };
    if (std::none_of(steps.begin(), steps.end(), same))
      steps.push_back(x);
  }

  void put(const outbox_row& x) {
    const auto same = [&](const outbox_row& e) { return e.id == x.id; };
    if (std::none_of(events.begin(), events.end(), same))
      events.push_back(x);
  }

  void put(const outbox_update& x) {
    for (auto& e : events)
      if (e.id == x.id) {
        e.state = x.state;
        e.attempts = x.attempts;
        e.next = x.next;
        e.last_error = x.last_error;
      }
  }
};

/// Answers requests by a function, at once or when told to.
struct scripted_http final : http_port {
  using reply = std::function<result<http_response>(const http_request&)>;
  reply answer;
  bool held = false;
  std::vector<http_request> requests;
  std::vector<http_limits> bounds; ///< of the requests
  bool cut = false;                ///< the connection breaks behind the body
  std::deque<std::function<void()>> waiting;

  http_operation start(http_request request, http_limits limits,
                       std::shared_ptr<http_handler> handler) override {
    requests.push_back(request);
    bounds.push_back(limits);
    auto deliver = [this, request, handler] {
      auto got = answer(request);
      if (!got)
        return handler->end(&got.error());
      handler->head(got->status, got->headers);
      const bool wanted = handler->data(got->body);
      const failure broken{failure_class::retry,
                           failure_code::network,
                           "connection reset",
                           {},
                           {}};
      handler->end(cut && wanted ? &broken : nullptr);
    };
    if (held)
      waiting.push_back(deliver);
    else
      deliver();
    return requests.size();
  }

  void cancel(http_operation) override {}

  void release() {
    for (auto todo = std::exchange(waiting, {}); auto& deliver : todo)
      deliver();
  }
};

/// Answers questions from a list; remembers them.
struct scripted_llm final : llm_port {
  std::deque<llm_outcome> outcomes; ///< empty: the stream stays open
  std::vector<llm_call> calls;
  std::vector<llm_operation> cancelled;
  std::map<llm_operation, llm_handler> open;
  bool begun = false; ///< cancelled streams had sent 300 bytes of an answer
  bool deaf = false;  ///< to cancellation

  llm_operation start(llm_call call, llm_handler handler) override {
    calls.push_back(std::move(call));
    const llm_operation id = calls.size();
    if (outcomes.empty()) {
      open.emplace(id, std::move(handler));
      return id;
    }
    auto outcome = std::move(outcomes.front());
    outcomes.pop_front();
    if (handler.text && outcome.answer)
      handler.text(outcome.answer->text);
    handler.end(std::move(outcome));
    return id;
  }

  void cancel(llm_operation op) override {
    cancelled.push_back(op);
    const auto i = open.find(op);
    if (i == open.end() || deaf)
      return;
    auto handler = std::move(i->second);
    open.erase(i);
    handler.end(
      {failure{
         failure_class::cancelled, failure_code::model, "cancelled", {}, {}},
       {},
       begun ? 200 : 0,
       {},
       begun,
       begun ? 300u : 0u});
  }
};

inline llm_outcome answered_with(std::string text,
                                 llm::finish end = llm::finish::complete) {
  llm::completion c;
  c.text = std::move(text);
  c.end = end;
  c.tokens.input_tokens = 100;
  c.tokens.output_tokens = 10;
  return {std::move(c), {}, 200, {}, true, 0};
}

inline llm_outcome failed_with(failure why, int status = 0) {
  return {std::move(why), {}, status, {}, false, 0};
}

/// Files in memory.
struct memory_tree final : source_tree {
  std::vector<tree_entry> list;
  std::map<std::string, std::string, std::less<>> files;

  explicit memory_tree(std::map<std::string, std::string, std::less<>> from)
    : files(std::move(from)) {
    for (const auto& [path, text] : files)
      list.push_back({path, file_mode::regular, {}, text.size()});
  }

  const std::vector<tree_entry>& entries() const override { return list; }

  const tree_entry* find(std::string_view path) const override {
    return find_entry(list, path);
  }

  result<std::string> read(std::string_view path) const override {
    if (const auto i = files.find(path); i != files.end())
      return i->second;
    return failure{
      failure_class::fail, failure_code::git, "no such file", {}, {}};
  }
};

/// A git whose calls can be made to fail; remembers what was asked.
struct scripted_git final : git_port {
  std::shared_ptr<memory_tree> tree = std::make_shared<memory_tree>(
    std::map<std::string, std::string, std::less<>>{{"README.md", "hello\n"}});
  std::deque<failure> fetch_failures;
  std::deque<failure> push_failures;
  std::optional<branch_tip> remote_tip;
  std::vector<push_request> pushes;
  int fetches = 0;
  int reopens = 0;
  bool mirror_lost = false;
  std::string commit = std::string(40, 'a'); ///< of every branch

  /// Other commits that the mirror has.
  std::map<std::string, std::shared_ptr<memory_tree>> others;
  std::deque<branch_tip> moves; ///< of the branch, one per look

  result<snapshot> fetch(const fetch_request& what, std::stop_token) override {
    ++fetches;
    if (!fetch_failures.empty())
      return pop(fetch_failures);
    return at(what.base);
  }

  result<snapshot> reopen(const git_remote_spec&, const std::string& base,
                          const std::string& wanted, std::stop_token) override {
    ++reopens;
    if (const auto other = others.find(wanted); other != others.end())
      return snapshot{other->second, base, wanted, "/mirror", {}};
    if (mirror_lost)
      return failure{
        failure_class::fail, failure_code::git, "it is gone", {}, {}};
    return at(base);
  }

  result<std::optional<branch_tip>>
  tip(const git_remote_spec&, const std::string&, std::stop_token) override {
    if (!moves.empty()) {
      remote_tip = moves.front();
      moves.pop_front();
    }
    return remote_tip;
  }

  result<std::string> commit_id(const commit_request&,
                                std::stop_token) override {
    return std::string(40, 'c');
  }

  result<std::string> push(const push_request& what, std::stop_token) override {
    pushes.push_back(what);
    if (!push_failures.empty())
      return pop(push_failures);
    return std::string(40, 'c');
  }

  result<kept_commit> keep(const commit_request&, const std::string&,
                           const std::filesystem::path& folder) override {
    return kept_commit{std::string(40, 'c'), folder / "repo.git",
                       folder / "change.patch"};
  }

  result<done> check_out(const snapshot&, const change_set*,
                         const std::filesystem::path&,
                         std::stop_token) override {
    return done{};
  }

private:
  snapshot at(const std::string& base) const {
    return {tree, base, commit, "/mirror", {}};
  }

  static failure pop(std::deque<failure>& from) {
    auto why = std::move(from.front());
    from.pop_front();
    return why;
  }
};

/// The machine has no room for a work tree.
struct no_places final : work_tree_port {
  result<std::unique_ptr<work_tree>> make() override {
    return failure{failure_class::fail,
                   failure_code::internal,
                   "the checks need a folder below /full",
                   {},
                   {}};
  }
};

/// Remembers what people would have seen.
struct recorder final : observer {
  std::vector<std::string> stages;
  std::vector<std::string> warnings;
  std::vector<std::string> notes; ///< "step recorded ask.1"
  std::vector<bool> holds;
  std::string streamed;

  void stage(const std::string&, pj::stage, std::string_view what) override {
    stages.emplace_back(what);
  }
  void text(const std::string&, std::string_view piece) override {
    streamed += piece;
  }
  void note(const std::string&, log_kind kind, std::string_view line) override {
    notes.push_back(std::string(to_string(kind)) + ' ' + std::string(line));
    if (is_urgent(kind))
      warnings.emplace_back(line);
  }
  void held(const std::string&, bool now) override { holds.push_back(now); }
};

inline failure transient(std::string what = "try later") {
  return {failure_class::retry, failure_code::network, std::move(what), {}, {}};
}

inline failure permanent(std::string what = "never") {
  return {failure_class::fail, failure_code::git, std::move(what), {}, {}};
}

} // namespace pj::test
