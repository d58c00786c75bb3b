#include "actors/journal.hpp"

#include "actors/post_to.hpp"
#include "actors/supervised.hpp"

namespace pj {

journal_actor::behavior_type
journal(journal_actor::stateful_pointer<journal_state> self,
        std::shared_ptr<store_port> store) {
  supervised(self);
  state_of(self).store = std::move(store);
  return state_of(self).behavior();
}

journal_actor::behavior_type journal_state::behavior() {
  return {
    [this](record_rows& x) { return record(std::move(x)); },
    [this](const recall_task& x) { return recall(x); },
    [this](const recall_outbox& x) { return recall(x); },
    [this](const recall_tasks& x) { return recall(x); },
    [this](const store_answered& x) { settle(x); },
  };
}

template <class Stored, class Reply, class Wrap>
std::function<void(result<Stored>)>
journal_state::park(caf::typed_response_promise<Reply> promise, Wrap wrap) {
  const auto id = ++last_id;
  pending.emplace(id, [promise, wrap](void* outcome) mutable {
    if (!outcome) {
      promise.deliver(make_error(restarting("journal")));
      return;
    }
    auto& stored = *static_cast<result<Stored>*>(outcome);
    if (stored)
      promise.deliver(wrap(std::move(*stored)));
    else
      promise.deliver(make_error(stored.error()));
  });
  return [post = post_to(journal_actor{self}), id](result<Stored> outcome) {
    post(
      store_answered{id, std::make_shared<result<Stored>>(std::move(outcome))});
  };
}

caf::result<recorded> journal_state::record(record_rows what) {
  auto promise = self->make_response_promise<recorded>();
  store->write(std::move(what.rows),
               park<done>(promise, [](done) { return recorded{}; }));
  return promise;
}

caf::result<recalled_task> journal_state::recall(const recall_task& what) {
  auto promise = self->make_response_promise<recalled_task>();
  store->load(what.task, park<task_history>(promise, [](task_history h) {
                return recalled_task{std::move(h)};
              }));
  return promise;
}

caf::result<recalled_outbox> journal_state::recall(const recall_outbox&) {
  auto promise = self->make_response_promise<recalled_outbox>();
  store->outbox(
    park<std::vector<outbox_row>>(promise, [](std::vector<outbox_row> rows) {
      return recalled_outbox{std::move(rows)};
    }));
  return promise;
}

caf::result<recalled_tasks> journal_state::recall(const recall_tasks&) {
  auto promise = self->make_response_promise<recalled_tasks>();
  store->tasks(
    park<std::vector<task_row>>(promise, [](std::vector<task_row> rows) {
      return recalled_tasks{std::move(rows)};
    }));
  return promise;
}

void journal_state::settle(const store_answered& x) {
  const auto i = pending.find(x.id);
  if (i == pending.end())
    return;
  const auto answer = std::move(i->second);
  pending.erase(i);
  answer(x.outcome.get());
}

journal_state::~journal_state() {
  for (auto& [id, answer] : pending)
    answer(nullptr);
}

} // namespace pj
