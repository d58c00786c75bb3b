#pragma once
#include "core/policy/public_address.hpp"
#include "core/result.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pj {

using addresses = std::vector<ip_address>;

/// Asks the system for a name's addresses; blocks.
result<addresses> look_up(const std::string& host);

/// Looks names up on threads of its own, since the system's call blocks and
/// cannot be interrupted. Answers are kept for a few seconds, the same name is
/// asked for once at a time. Thread-safe.
class resolver {
public:
  using look_up_function = std::function<result<addresses>(const std::string&)>;
  using callback = std::function<void(const result<addresses>&)>;

  explicit resolver(look_up_function look_up);

  /// Does not wait for a call that hangs: its thread ends when it can.
  ~resolver();

  /// `then` is called once, from here or from another thread; not at all when
  /// the resolver is destroyed before.
  void resolve(const std::string& host, callback then);

private:
  struct state;
  std::shared_ptr<state> state_;
};

} // namespace pj
