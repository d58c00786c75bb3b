#pragma once
#include "actors/observer.hpp"
#include "adapters/http/llm_port.hpp"
#include "core/llm/models.hpp"
#include "core/policy/circuit_breaker.hpp"
#include "core/policy/rate_limiter.hpp"
#include "messages/llm.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace pj {

struct llm_config {
  llm::endpoint where; ///< with the key, which goes nowhere else
  llm::model_table models;
  rate_limiter_config limits;
  circuit_breaker_config breaker;
  random_source random;
  std::chrono::milliseconds idle{120'000}; ///< between lines of a stream
};

/// Streams completions of one provider and key. Every task shares its limits.
/// Never asks twice: a failure goes back to the task, which decides.
struct llm_state {
  static inline const char* name = "llm";
  explicit llm_state(llm_actor::pointer ptr) : self(ptr) {}
  ~llm_state(); // answers what is pending

  struct question {
    ask_model what;
    caf::typed_response_promise<answered_model> promise;
    llm_operation operation = 0; ///< 0: waiting in the limiter
    bool held = false;           ///< `what.held` was told to wait
    bool abandoned = false;      ///< its stream is being stopped
  };

  llm_actor::behavior_type behavior();
  caf::result<answered_model> ask(ask_model what);
  void enqueue(std::uint64_t id);
  void hold_if_waiting(std::uint64_t id);
  void pump();
  void try_one(steady_time now);
  void wake_for_next(steady_time now);
  void turn_away();
  void wake_at(steady_time when);
  void start(std::uint64_t id);
  void settle(const stream_ended& x);
  void estimate_missing(const question& q, llm::completion& answer);
  void learn(std::uint64_t id, const llm_outcome& outcome);
  bool adapt_and_ask_again(std::uint64_t id, const llm_outcome& outcome);
  void forget(const std::string& task);
  void release(std::uint64_t id);
  const llm::model_entry& entry(const std::string& model);

  llm_actor::pointer self;
  llm_config config;
  std::shared_ptr<llm_port> port;
  std::shared_ptr<observer> watch;
  std::map<std::uint64_t, question> questions;
  std::optional<rate_limiter> limiter;
  std::optional<circuit_breaker> breaker;
  std::uint64_t probe = 0; ///< the latest question that tried for all
  std::uint64_t last_id = 0;
  std::uint64_t wake_generation = 0; ///< older timers are ignored

  /// What was learned about a model's parameters stays for all later requests.
  std::map<std::string, llm::model_entry> entries;
};

llm_actor::behavior_type
llm_service(llm_actor::stateful_pointer<llm_state> self,
            std::shared_ptr<llm_port> port, std::shared_ptr<observer> watch,
            llm_config config);

} // namespace pj
