#pragma once
#include <string>
#include <string_view>

namespace pj {

/// What people watch while tasks run. Called from actor threads, several at
/// once; must be quick and must not throw. Text of the model is untrusted.
class observer {
public:
  virtual ~observer() = default;

  /// A stage begins; `what` is a plain sentence.
  virtual void stage(const std::string& task, std::string_view what) = 0;

  /// A piece of the answer, as it streams.
  virtual void text(const std::string& task, std::string_view piece) = 0;

  /// Something a person should know; the task goes on.
  virtual void warning(const std::string& task, std::string_view line) = 0;
};

} // namespace pj
