#pragma once
#include "core/failure.hpp"

#include <utility>
#include <variant>

namespace pj {

/// A value or the failure that took its place. Throws
/// `std::bad_variant_access` when asked for what it does not hold.
template <class T>
class [[nodiscard]] result {
public:
  result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  result(failure why) : held_(std::in_place_index<1>, std::move(why)) {}

  explicit operator bool() const noexcept { return held_.index() == 0; }
  T& operator*() & { return std::get<0>(held_); }
  const T& operator*() const& { return std::get<0>(held_); }
  T&& operator*() && { return std::get<0>(std::move(held_)); }
  T* operator->() { return &std::get<0>(held_); }
  const T* operator->() const { return &std::get<0>(held_); }
  failure& error() & { return std::get<1>(held_); }
  const failure& error() const& { return std::get<1>(held_); }
  failure&& error() && { return std::get<1>(std::move(held_)); }

private:
  std::variant<T, failure> held_;
};

/// For operations that give nothing back.
struct done {};

} // namespace pj
