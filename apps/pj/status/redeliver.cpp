#include "apps/pj/status/redeliver.hpp"

#include "actors/journal.hpp"
#include "actors/webhook.hpp"
#include "adapters/http/client.hpp"
#include "adapters/log.hpp"
#include "adapters/store/sqlite_store.hpp"
#include "apps/pj/event_headers.hpp"
#include "apps/pj/random_numbers.hpp"
#include "apps/pj/system_config.hpp"
#include "core/escape.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <future>
#include <set>

namespace pj {

namespace {

using namespace std::chrono_literals;

// As long as a finished `pj run` tries (CONTRACT).
constexpr auto patience = 60s;

failure unknown(const std::string& id) {
  return {failure_class::fail,
          failure_code::configuration,
          "there is no event " + escaped(id) +
            ": pj status --webhooks lists them",
          {},
          {}};
}

template <class T>
T waited(std::function<void(std::function<void(T)>)> ask) {
  std::promise<T> promise;
  ask([&promise](T got) { promise.set_value(std::move(got)); });
  return promise.get_future().get();
}

result<done> mark_pending(open_journal& store,
                          const std::vector<outbox_row>& rows) {
  std::vector<store_write> changes;
  for (const auto& row : rows)
    changes.emplace_back(outbox_update{
      row.id, delivery_state::pending, row.attempts, wall_clock::now(), {}});
  return waited<result<done>>(
    [&](auto then) { store.write(std::move(changes), std::move(then)); });
}

webhook_config config_for(const receiver& to) {
  webhook_config c;
  c.url = to.url;
  c.headers = make_event_headers(to.secret);
  c.schedule = delivery_schedule::short_lived();
  c.random = make_random();
  c.now = [] { return wall_clock::now(); };
  c.log = [](const std::string& line) { log_line(log_level::warning, line); };
  return c;
}

/// Until all is delivered or given up, or patience ends.
void deliver(const std::shared_ptr<open_journal>& store, const receiver& to) {
  system_config config;
  caf::actor_system system(config);
  http_client_options web;
  web.proxy = proxy_settings_from_environment();
  const auto http = make_http_client(web);
  {
    caf::scoped_actor self(system);
    const auto record = self->spawn(journal, store);
    const auto hook =
      self->spawn(webhook_service, http, record, config_for(to));
    self->request(hook, patience, drain_events{})
      .receive([](const drained_events&) {}, [](const caf::error&) {});
    self->send_exit(hook, caf::exit_reason::user_shutdown);
    self->wait_for(hook);
    http->shutdown();
    self->send_exit(record, caf::exit_reason::user_shutdown);
    self->wait_for(record);
  }
  store->flush();
}

std::size_t count_delivered(open_journal& store,
                            const std::vector<outbox_row>& wanted,
                            std::vector<std::string>& problems) {
  std::set<std::string> ids;
  for (const auto& row : wanted)
    ids.insert(row.id);
  const auto rows = waited<result<std::vector<outbox_row>>>(
    [&](auto then) { store.all_events(std::move(then)); });
  if (!rows) {
    problems.push_back(rows.error().what);
    return 0;
  }
  std::size_t n = 0;
  for (const auto& row : *rows) {
    if (!ids.contains(row.id))
      continue;
    if (row.state == delivery_state::delivered)
      ++n;
    else
      problems.push_back(row.id + " is not delivered: " +
                         (row.last_error.empty() ? "an earlier event of its "
                                                   "task is not"
                                                 : row.last_error));
  }
  return n;
}

} // namespace

result<deliveries> choose(const deliveries& known, const redelivery& what) {
  deliveries out;
  std::set<std::string> missing(what.ids.begin(), what.ids.end());
  for (const auto& journal : known.journals) {
    journal_events chosen{journal.journal, {}};
    for (const auto& row : journal.rows) {
      const bool named =
        std::find(what.ids.begin(), what.ids.end(), row.id) != what.ids.end();
      missing.erase(row.id);
      if (named || (what.all && row.state != delivery_state::delivered))
        chosen.rows.push_back(row);
    }
    if (!chosen.rows.empty())
      out.journals.push_back(std::move(chosen));
  }
  if (!missing.empty())
    return unknown(*missing.begin());
  return out;
}

redelivered redeliver(const deliveries& chosen, const receiver& to) {
  redelivered out;
  for (const auto& [path, rows] : chosen.journals) {
    auto store = open_store(path);
    auto marked = store ? mark_pending(**store, rows) : store.error();
    if (!marked) {
      out.problems.push_back(marked.error().what);
      continue;
    }
    deliver(*store, to);
    out.delivered += count_delivered(**store, rows, out.problems);
  }
  return out;
}

} // namespace pj
