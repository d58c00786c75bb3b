#include "apps/mock/playbook.hpp"

#include <algorithm>

namespace pj::doubles {
namespace {

/// Counts down `skip`, then `times`.
template <class Rule>
bool takes_turn(Rule& rule) {
  if (rule.skip > 0) {
    --rule.skip;
    return false;
  }
  if (rule.times == 0)
    return false;
  if (rule.times != UINT32_MAX)
    --rule.times;
  return true;
}

bool concerns(const fault& rule, std::string_view face,
              const server_request& request) {
  return rule.kind != fault_kind::slow_accept &&
         (rule.face.empty() || rule.face == face) &&
         (rule.method.empty() || rule.method == request.method) &&
         request.target.find(rule.path) != std::string::npos &&
         has_all_words(request.body, rule.match);
}

} // namespace

playbook::playbook(script what, std::uint64_t seed)
  : script_(std::move(what)), dice_(seed) {}

template <class Rule>
bool playbook::happens(Rule& rule) {
  return (rule.probability >= 1 || dice_.unit() < rule.probability) &&
         takes_turn(rule);
}

std::optional<fault> playbook::trouble(std::string_view face,
                                       const server_request& request) {
  std::lock_guard lock{mutex_};
  for (auto& rule : script_.faults)
    if (concerns(rule, face, request) && happens(rule))
      return rule;
  return std::nullopt;
}

std::chrono::milliseconds playbook::accept_delay(std::string_view face) {
  std::lock_guard lock{mutex_};
  for (auto& rule : script_.faults)
    if (rule.kind == fault_kind::slow_accept &&
        (rule.face.empty() || rule.face == face) && happens(rule))
      return milliseconds_of(rule.delay);
  return std::chrono::milliseconds{0};
}

std::optional<answer> playbook::reply(std::string_view task,
                                      std::string_view model) {
  std::lock_guard lock{mutex_};
  for (auto& rule : script_.answers)
    if ((rule.model.empty() || rule.model == model) &&
        has_all_words(task, rule.match) && happens(rule))
      return rule;
  return std::nullopt;
}

void playbook::add(fault rule) {
  std::lock_guard lock{mutex_};
  script_.faults.push_back(std::move(rule));
}

void playbook::add(answer rule) {
  std::lock_guard lock{mutex_};
  script_.answers.push_back(std::move(rule));
}

std::chrono::milliseconds playbook::latency() {
  std::lock_guard lock{mutex_};
  return milliseconds_of(script_.latency.draw(dice_));
}

double playbook::tokens_per_second() {
  std::lock_guard lock{mutex_};
  return script_.tokens_per_second.draw(dice_);
}

std::uint64_t playbook::padding() {
  std::lock_guard lock{mutex_};
  return static_cast<std::uint64_t>(
    std::clamp(script_.padding.draw(dice_), 0.0, 1e6));
}

std::uint64_t playbook::below(std::uint64_t bound) {
  std::lock_guard lock{mutex_};
  return dice_.below(bound);
}

std::string playbook::moved(const std::string& repository) const {
  const auto found = script_.renamed.find(repository);
  return found == script_.renamed.end() ? "" : found->second;
}

bool playbook::knows_model(std::string_view name) const {
  return script_.models.empty() ||
         std::ranges::find(script_.models, name) != script_.models.end();
}

} // namespace pj::doubles
