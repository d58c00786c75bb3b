#pragma once
#include "adapters/store/port.hpp"
#include "messages/journal.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace pj {

/// The durable record. The store's writer thread groups what arrives; replies
/// come once the data is on disk.
struct journal_state {
  static inline const char* name = "journal";
  explicit journal_state(journal_actor::pointer ptr) : self(ptr) {}
  ~journal_state(); // answers what is pending

  journal_actor::behavior_type behavior();
  caf::result<recorded> record(record_rows what);
  caf::result<recalled_task> recall(const recall_task& what);
  caf::result<recalled_outbox> recall(const recall_outbox& what);
  caf::result<recalled_tasks> recall(const recall_tasks& what);
  void settle(const store_answered& x);

  /// Parks a promise and gives the callback for the store; `wrap` turns what
  /// was stored into the reply.
  template <class Stored, class Reply, class Wrap>
  std::function<void(result<Stored>)>
  park(caf::typed_response_promise<Reply> promise, Wrap wrap);

  journal_actor::pointer self;
  std::shared_ptr<store_port> store;
  std::uint64_t last_id = 0;

  /// Answers one promise with what the store gave (a `result`), or, given
  /// null, with "cancelled".
  std::map<std::uint64_t, std::function<void(void*)>> pending;
};

journal_actor::behavior_type
journal(journal_actor::stateful_pointer<journal_state> self,
        std::shared_ptr<store_port> store);

} // namespace pj
