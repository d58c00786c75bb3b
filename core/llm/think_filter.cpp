#include "core/llm/think_filter.hpp"

#include <algorithm>
#include <utility>

namespace pj::llm {

namespace {

constexpr std::string_view opening = "<think>";
constexpr std::string_view closing = "</think>";
constexpr std::string_view blanks = " \t\r\n";

} // namespace

void think_filter::operator()(std::string_view piece, std::string& out) {
  if (piece.empty())
    return;
  switch (state_) {
  case state::start:
    return start(piece, out);
  case state::thinking:
    return thinking(piece, out);
  case state::after:
    piece.remove_prefix(
      std::min(piece.find_first_not_of(blanks), piece.size()));
    if (piece.empty())
      return;
    state_ = state::text;
    [[fallthrough]];
  case state::text:
    out.append(piece);
  }
}

void think_filter::start(std::string_view piece, std::string& out) {
  held_.append(piece);
  const auto begin = std::min(held_.find_first_not_of(blanks), held_.size());
  const auto word = std::string_view(held_).substr(begin, opening.size());
  if (word == opening) {
    state_ = state::thinking;
    const auto rest = held_.substr(begin + opening.size());
    held_.clear();
    return thinking(rest, out);
  }
  if (opening.substr(0, word.size()) == word)
    return;
  state_ = state::text;
  out.append(std::exchange(held_, {}));
}

void think_filter::thinking(std::string_view piece, std::string& out) {
  held_.append(piece);
  const auto end = held_.find(closing);
  if (end == held_.npos) {
    if (held_.size() >= closing.size())
      held_.erase(0, held_.size() - (closing.size() - 1));
    return;
  }
  state_ = state::after;
  const auto rest = held_.substr(end + closing.size());
  held_.clear();
  (*this)(rest, out);
}

void think_filter::finish(std::string& out) {
  if (state_ == state::start)
    out.append(std::exchange(held_, {}));
  state_ = state::text;
}

} // namespace pj::llm
