#include "apps/pj/load/profile.hpp"

#include "core/text.hpp"

namespace pj::load {

const std::vector<profile>& profiles() {
  static const std::vector<profile> all = {
    {"smoke", "a few tasks, answers at once: does it work at all?", 20, 10,
     "tokens_per_second: 0\n"},
    {"steady", "answers as providers give them on a good day", 200, 100,
     "latency: {lognormal: [400, 0.4]}\n"
     "tokens_per_second: {uniform: [60, 120]}\n"},
    {"burst", "everything at once, answers as fast as they go", 1'000, 500,
     "latency: {uniform: [0, 50]}\ntokens_per_second: 0\n"},
    {"flaky", "overloads, cut and broken streams, lost responses", 200, 64,
     R"(latency: {lognormal: [50, 0.5]}
tokens_per_second: 0
faults:
  - {face: model, kind: status, status: 429, headers: {retry-after-ms: "200"}, probability: 0.03}
  - {face: model, kind: status, status: 529, probability: 0.02}
  - {face: model, kind: reset, after: 300, probability: 0.02}
  - {face: model, kind: truncate, after: 300, probability: 0.02}
  - {face: model, kind: malformed-event, after: 2, probability: 0.01}
  - {face: model, kind: split, bytes: 7, probability: 0.1}
  - {face: github, kind: status, status: 502, probability: 0.03}
  - {face: github, kind: lost-response, method: POST, path: /pulls, probability: 0.05}
  - {face: webhook, kind: status, status: 503, probability: 0.05}
  - {face: git, kind: status, status: 503, probability: 0.02}
)"},
    {"night", "slow answers, rate limits, a receiver that is often down", 500,
     128,
     R"(latency: {lognormal: [1500, 0.8]}
tokens_per_second: {uniform: [20, 80]}
faults:
  - {face: model, kind: status, status: 429, headers: {retry-after: "1"}, probability: 0.05}
  - {face: model, kind: stall, after: 500, delay: 3000, probability: 0.02}
  - {face: model, kind: trickle, bytes: 64, delay: 20, probability: 0.02}
  - {face: github, kind: status, status: 503, probability: 0.05}
  - {face: webhook, kind: status, status: 503, probability: 0.3}
)"},
  };
  return all;
}

result<profile> profile_of(std::string_view name) {
  std::string known;
  for (const auto& p : profiles()) {
    if (p.name == name)
      return p;
    known += (known.empty() ? "" : ", ") + std::string(p.name);
  }
  return configuration_failure("--profile " + printable(name) +
                               ": not known; one of " + known);
}

} // namespace pj::load
