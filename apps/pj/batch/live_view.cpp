#include "apps/pj/batch/live_view.hpp"

#include "adapters/log.hpp"

namespace pj::batch {

namespace {

using namespace std::chrono_literals;

/// Of the running tasks, so many are named.
constexpr std::size_t most_named = 3;

constexpr auto between_forecasts = 2s;

} // namespace

live_view::live_view(live_start start, int fd, terminal_facts facts,
                     std::function<clock::time_point()> now)
  : screen_(fd, facts), start_(std::move(start)), unicode_(facts.unicode),
    now_(std::move(now)), begun_(now_()) {
  state_.total = start_.total;
  state_.ended = start_.ended;
  state_.failed = start_.failed;
  state_.spent = start_.spent;
  state_.max_spent = start_.max_spent;
  set_log_output([this](std::string_view line) { screen_.print(line); });
  screen_.show(
    [this](terminal_size room) { return live_lines(state(), room, unicode_); });
}

live_view::~live_view() {
  screen_.show({});
  set_log_output({});
}

live_state live_view::state() const {
  const std::lock_guard lock(mutex_);
  auto out = state_;
  const auto now = now_();
  auto since = [now](clock::time_point then) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - then);
  };
  out.elapsed = since(begun_);
  for (const auto& [number, task] : by_age_) {
    const auto& x = doing_.at(task);
    out.oldest.push_back({name_of(task), x.at, x.held, since(x.since)});
    if (out.oldest.size() == most_named)
      break;
  }
  return out;
}

const std::string& live_view::name_of(const std::string& task) const {
  const auto i = start_.names.find(task);
  return i == start_.names.end() ? task : i->second;
}

void live_view::count(const running& x, bool in) {
  auto& n = state_.stages[static_cast<std::size_t>(x.at)];
  const std::size_t held = x.held ? 1 : 0;
  n.tasks = in ? n.tasks + 1 : n.tasks - 1;
  n.held = in ? n.held + held : n.held - held;
}

void live_view::stage(const std::string& task, pj::stage at,
                      std::string_view what) {
  log_line(log_level::debug, task + ": " + std::string(what));
  const std::lock_guard lock(mutex_);
  const auto [i, fresh] = doing_.try_emplace(task);
  auto& x = i->second;
  if (fresh) {
    x.since = now_();
    x.number = ++last_number_;
    by_age_.emplace(x.number, task);
  } else {
    count(x, false);
  }
  x.at = at;
  x.held = false;
  count(x, true);
}

void live_view::text(const std::string&, std::string_view) {}

void live_view::held(const std::string& task, bool now) {
  forecaster ask;
  {
    const std::lock_guard lock(mutex_);
    const auto i = doing_.find(task);
    if (i == doing_.end())
      return;
    count(i->second, false);
    i->second.held = now;
    count(i->second, true);
    ask = due_forecast(i->second);
  }
  if (ask)
    ask([this](std::string line) {
      const std::lock_guard lock(mutex_);
      state_.github_forecast = std::move(line);
    });
}

live_view::forecaster live_view::due_forecast(const running& x) {
  if (x.at == pj::stage::ask || now_() - forecast_at_ < between_forecasts)
    return {};
  forecast_at_ = now_();
  return forecast_;
}

void live_view::note(const std::string& task, log_kind kind,
                     std::string_view line) {
  if (is_urgent(kind))
    log_line(log_level::warning, task + ": " + std::string(line));
}

void live_view::remove(const std::string& task) {
  const auto i = doing_.find(task);
  if (i == doing_.end())
    return;
  count(i->second, false);
  by_age_.erase(i->second.number);
  doing_.erase(i);
}

void live_view::ended(const task_outcome& x) {
  const bool good = x.end == task_end::succeeded;
  std::string line;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) // the engine's end, not the task's
      return;
    remove(x.task);
    ++state_.ended;
    ++state_.ended_here;
    state_.failed += good ? 0 : 1;
    state_.spent += x.cost_usd.value_or(0);
    line = std::to_string(state_.ended) + '/' + std::to_string(state_.total) +
           ' ' + name_of(x.task) + ": " + std::string(to_string(x.end));
  }
  if (good)
    log_line(log_level::info, line + (x.pr_url.empty() ? "" : " " + x.pr_url));
  else
    log_line(log_level::error, line + ": " + x.why.what);
}

void live_view::ask_forecast_of(forecaster from) {
  const std::lock_guard lock(mutex_);
  forecast_ = std::move(from);
}

void live_view::only(const std::string& what) {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    forecast_ = {};
  }
  screen_.status(what);
}

} // namespace pj::batch
