#pragma once
#include "core/result.hpp"

#include <functional>
#include <memory>
#include <string>

namespace pj {

/// Who we are to GitHub, for git and the API. Thread-safe.
class token_source {
public:
  virtual ~token_source() = default;

  /// Calls `then` once with a token that is good for some minutes: at once, or
  /// later on another thread. The token is secret. Failures: `retry` for
  /// network trouble, `fail` for the rest.
  virtual void get(std::function<void(result<std::string>)> then) = 0;
};

/// One token for ever.
class fixed_token final : public token_source {
public:
  explicit fixed_token(std::string text) : text_(std::move(text)) {}

  void get(std::function<void(result<std::string>)> then) override {
    then(text_);
  }

private:
  const std::string text_;
};

} // namespace pj
