#include "core/batch/problem.hpp"

#include "core/escape.hpp"
#include "core/text.hpp"

#include <utility>

namespace pj::batch {

namespace {

constexpr std::size_t longest_what = 1'000;

} // namespace

std::string to_string(const place& at) {
  auto out = printable(escaped(at.file));
  if (at.line > 0)
    out += ':' + std::to_string(at.line);
  if (at.line > 0 && at.column > 0)
    out += ':' + std::to_string(at.column);
  return out;
}

std::string to_string(const problem& what) {
  auto out = to_string(what.at);
  out += out.empty() ? "" : ": ";
  out += what.key.empty() ? "" : what.key + ": ";
  return out + what.what;
}

void problem_log::add(place at, std::string_view key, std::string_view what) {
  if (count_++ < most)
    kept_.push_back({std::move(at), printable(escaped(key)),
                     printable(escaped(what), longest_what)});
}

std::vector<std::string> problem_log::lines() const {
  std::vector<std::string> out;
  for (const auto& p : kept_)
    out.push_back(to_string(p));
  if (count_ > kept_.size())
    out.push_back("and " + std::to_string(count_ - kept_.size()) +
                  " more problems: mend these first");
  return out;
}

failure problem_log::failed() const {
  std::string what;
  for (const auto& line : lines())
    what += (what.empty() ? "" : "\n") + line;
  return {failure_class::fail, failure_code::configuration, what, "", {}};
}

} // namespace pj::batch
