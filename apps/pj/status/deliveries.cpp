#include "apps/pj/status/deliveries.hpp"

#include "adapters/store/sqlite_store.hpp"
#include "core/escape.hpp"
#include "core/json_text.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <future>

namespace pj {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

result<std::vector<outbox_row>> read_events(const fs::path& journal) {
  auto store = open_store_to_read(journal);
  if (!store)
    return store.error();
  std::promise<result<std::vector<outbox_row>>> promise;
  (*store)->all_events([&promise](result<std::vector<outbox_row>> got) {
    promise.set_value(std::move(got));
  });
  return promise.get_future().get();
}

/// What an event says it is; its body was ours when it was written.
std::string type_of(const outbox_row& row) {
  const auto body = parse_json(row.body);
  const auto found = body.is_object() ? body.find("type") : body.end();
  return body.is_object() && found != body.end() && found->is_string()
           ? printable(escaped(found->get<std::string>()), 40)
           : "?";
}

std::string utc(wall_clock::time_point t) {
  const auto seconds = wall_clock::to_time_t(t);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

ordered_json as_json(const outbox_row& row) {
  ordered_json out = {{"task", row.task},
                      {"id", row.id},
                      {"type", type_of(row)},
                      {"state", to_string(row.state)},
                      {"tries", row.attempts},
                      {"created", utc(row.created)},
                      {"last_error", row.last_error}};
  if (row.state == delivery_state::pending)
    out["next_try"] = utc(row.next);
  return out;
}

std::string tries(int n) {
  return std::to_string(n) + (n == 1 ? " try" : " tries");
}

std::string next_try(const outbox_row& row, wall_clock::time_point now) {
  const auto left =
    std::chrono::ceil<std::chrono::seconds>(row.next - now).count();
  if (left <= 0)
    return "; due now";
  return left < 120 ? "; next in " + std::to_string(left) + " s"
                    : "; next in " + std::to_string((left + 30) / 60) + " min";
}

std::string line_of(const outbox_row& row, wall_clock::time_point now) {
  auto state = std::string(to_string(row.state));
  auto type = type_of(row);
  state.resize(std::max<std::size_t>(state.size(), 9), ' ');
  type.resize(std::max<std::size_t>(type.size(), 14), ' ');
  auto out = "  " + state + "  " + type + "  " + escaped(row.id) + "  " +
             tries(row.attempts);
  if (!row.last_error.empty())
    out += ", the last: " + printable(escaped(row.last_error), 160);
  if (row.state == delivery_state::pending)
    out += next_try(row, now);
  return out + "\n";
}

std::size_t count(const deliveries& all, delivery_state how) {
  std::size_t n = 0;
  for (const auto& journal : all.journals)
    n += static_cast<std::size_t>(
      std::count_if(journal.rows.begin(), journal.rows.end(),
                    [how](const auto& row) { return row.state == how; }));
  return n;
}

std::string summary(const deliveries& all) {
  const auto waiting = count(all, delivery_state::pending);
  const auto lost = count(all, delivery_state::given_up);
  auto out = "\n" + std::to_string(count(all, delivery_state::delivered)) +
             " delivered, " + std::to_string(waiting) + " waiting, " +
             std::to_string(lost) + " given up\n";
  if (waiting > 0)
    out += "What waits goes out while its task runs, when the task is run "
           "again, or now with:\n  pj status --webhooks --redeliver --all\n";
  else if (lost > 0)
    out += "To try what was given up once more:\n"
           "  pj status --webhooks --redeliver --all\n";
  return out;
}

/// The journals in the folders below this one, or in the one of a name.
std::vector<fs::path> journals_in(const fs::path& folder,
                                  const std::string& name,
                                  std::vector<std::string>& problems) {
  std::vector<fs::path> out;
  std::error_code failed;
  const auto complain = [&](const fs::path& what) {
    problems.push_back(escaped(what.string()) +
                       " cannot be read: " + failed.message());
  };
  const fs::directory_iterator all(folder, failed);
  if (failed && failed != std::errc::no_such_file_or_directory)
    complain(folder);
  for (const auto& entry : all) {
    if (!name.empty() && entry.path().filename() != name)
      continue;
    auto journal = entry.path() / "journal.db";
    if (fs::exists(journal, failed))
      out.push_back(std::move(journal));
    else if (failed)
      complain(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

void add_events(fs::path journal, const std::string& task, deliveries& to) {
  auto rows = read_events(journal);
  if (!rows)
    return to.problems.push_back(rows.error().what);
  if (!task.empty())
    std::erase_if(*rows, [&](const auto& row) { return row.task != task; });
  if (!rows->empty())
    to.journals.push_back({std::move(journal), *std::move(rows)});
}

} // namespace

std::string_view to_string(delivery_state how) noexcept {
  constexpr std::array<std::string_view, 3> names = {"waiting", "delivered",
                                                     "given up"};
  return names[static_cast<std::size_t>(how)];
}

deliveries read_deliveries(const fs::path& state, const std::string& task) {
  deliveries out;
  for (auto& journal : journals_in(state / "run", task, out.problems))
    add_events(std::move(journal), task, out);
  for (auto& journal : journals_in(state / "batch", {}, out.problems))
    add_events(std::move(journal), task, out);
  return out;
}

std::string to_json(const deliveries& all) {
  auto events = ordered_json::array();
  for (const auto& journal : all.journals)
    for (const auto& row : journal.rows)
      events.push_back(as_json(row));
  const ordered_json out = {{"events", events}, {"problems", all.problems}};
  return json_text(out);
}

std::string to_text(const deliveries& all, const fs::path& state,
                    wall_clock::time_point now) {
  if (all.journals.empty())
    return "No events are recorded in " + escaped(state.string()) +
           " for what was asked.\nTasks send them when WEBHOOK_URL is set; pj "
           "doctor tells "
           "whether it can be reached.\n";
  std::string out;
  std::string task;
  for (const auto& journal : all.journals)
    for (const auto& row : journal.rows) {
      if (row.task != task)
        out += escaped(row.task) + "\n";
      task = row.task;
      out += line_of(row, now);
    }
  return out + summary(all);
}

} // namespace pj
