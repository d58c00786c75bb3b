#include "apps/mock/script.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>
#include <utility>
#include <yaml-cpp/yaml.h>

namespace pj::doubles {
namespace {

using name_and_kind = std::pair<std::string_view, fault_kind>;

constexpr std::array<name_and_kind, 16> kinds{{
  {"status", fault_kind::status},
  {"refuse", fault_kind::refuse},
  {"reset", fault_kind::reset},
  {"stall", fault_kind::stall},
  {"trickle", fault_kind::trickle},
  {"split", fault_kind::split},
  {"truncate", fault_kind::truncate},
  {"content-type", fault_kind::content_type},
  {"lost-response", fault_kind::lost},
  {"slow", fault_kind::slow},
  {"slow-accept", fault_kind::slow_accept},
  {"malformed-event", fault_kind::malformed_event},
  {"error-event", fault_kind::error_event},
  {"no-end", fault_kind::no_end},
  {"duplicate-pull", fault_kind::duplicate_pull},
  {"reject-push", fault_kind::reject_push},
}};

[[noreturn]] void complain(const YAML::Node& at, const std::string& what) {
  throw std::runtime_error("fixtures, line " +
                           std::to_string(at.Mark().line + 1) + ": " + what);
}

/// Reads one map: every key must be known.
class fields {
public:
  explicit fields(const YAML::Node& node) : node_(node) {
    if (!node.IsMap())
      complain(node, "a map of settings is needed here");
  }

  template <class T>
  fields& read(const char* key, T& into) {
    return use(key, [&](const YAML::Node& value) {
      try {
        into = value.as<T>();
      } catch (const YAML::Exception&) {
        complain(value, std::string{"'"} + key + "' has an impossible value");
      }
    });
  }

  template <class T>
  fields& read(const char* key, std::optional<T>& into) {
    return use(key, [&](const YAML::Node&) { read(key, into.emplace()); });
  }

  fields& use(const char* key,
              const std::function<void(const YAML::Node&)>& with) {
    known_.emplace_back(key);
    if (const auto value = node_[key])
      with(value);
    return *this;
  }

  /// Complains about keys nobody asked for.
  void finish() const {
    for (const auto& entry : node_) {
      const auto key = entry.first.as<std::string>("");
      if (std::ranges::find(known_, key) != known_.end())
        continue;
      std::string all;
      for (const auto& k : known_)
        all += (all.empty() ? "" : ", ") + k;
      complain(entry.first, "unknown setting '" + key + "'; known: " + all);
    }
  }

private:
  YAML::Node node_;
  std::vector<std::string> known_;
};

std::vector<std::string> words(const YAML::Node& node) {
  try {
    if (node.IsScalar())
      return {node.as<std::string>()};
    return node.as<std::vector<std::string>>();
  } catch (const YAML::Exception&) {
    complain(node, "a word or a list of words is needed here");
  }
}

std::pair<double, double> two_numbers(const YAML::Node& node) {
  if (!node.IsSequence() || node.size() != 2)
    complain(node, "two numbers are needed here, e.g. [10, 50]");
  return {node[0].as<double>(), node[1].as<double>()};
}

spread read_spread(const YAML::Node& node) {
  spread s;
  try {
    if (node.IsScalar()) {
      s.a = node.as<double>();
    } else if (const auto u = node["uniform"]) {
      s.shape = spread::form::uniform;
      std::tie(s.a, s.b) = two_numbers(u);
    } else if (const auto l = node["lognormal"]) {
      s.shape = spread::form::lognormal;
      std::tie(s.a, s.b) = two_numbers(l);
    } else {
      complain(node, "a number, {uniform: [low, high]} or {lognormal: "
                     "[median, sigma]} is needed here");
    }
  } catch (const YAML::BadConversion&) {
    complain(node, "this is not a number");
  }
  if (s.a < 0 || s.b < 0)
    complain(node, "a number below 0 makes no sense here");
  return s;
}

fault_kind read_kind(const YAML::Node& node) {
  const auto name = node.as<std::string>("");
  std::string all;
  for (const auto& [known, kind] : kinds) {
    if (known == name)
      return kind;
    all += (all.empty() ? "" : ", ") + std::string{known};
  }
  complain(node, "unknown fault '" + name + "'; known: " + all);
}

fault read_fault(const YAML::Node& node) {
  fault f;
  if (!node.IsMap() || !node["kind"])
    complain(node, "a fault needs a 'kind'");
  fields{node}
    .use("kind", [&](const YAML::Node& n) { f.kind = read_kind(n); })
    .read("face", f.face)
    .read("method", f.method)
    .read("path", f.path)
    .use("match", [&](const YAML::Node& n) { f.match = words(n); })
    .read("probability", f.probability)
    .read("skip", f.skip)
    .read("times", f.times)
    .read("status", f.status)
    .use("headers",
         [&](const YAML::Node& n) {
           for (const auto& h : n)
             f.headers.push_back(
               {h.first.as<std::string>(), h.second.as<std::string>()});
         })
    .read("body", f.body)
    .read("after", f.after)
    .read("bytes", f.bytes)
    .read("delay", f.delay)
    .finish();
  if (f.status < 200 || f.status > 599)
    complain(node, "'status' must be 200 to 599");
  f.bytes = std::max<std::uint64_t>(f.bytes, 1);
  return f;
}

answer read_answer(const YAML::Node& node) {
  answer a;
  fields{node}
    .use("match", [&](const YAML::Node& n) { a.match = words(n); })
    .read("model", a.model)
    .read("probability", a.probability)
    .read("skip", a.skip)
    .read("times", a.times)
    .read("text", a.text)
    .read("reasoning", a.reasoning)
    .read("refusal", a.refusal)
    .read("stop", a.stop)
    .read("input_tokens", a.input_tokens)
    .read("output_tokens", a.output_tokens)
    .finish();
  return a;
}

YAML::Node load(const std::string& yaml) {
  try {
    return YAML::Load(yaml);
  } catch (const YAML::Exception& e) {
    throw std::runtime_error(std::string{"fixtures: "} + e.what());
  }
}

template <class T, class Read>
auto each(std::vector<T>& into, Read read) {
  return [&into, read](const YAML::Node& list) {
    for (const auto& node : list)
      into.push_back(read(node));
  };
}

} // namespace

std::string_view to_string(fault_kind kind) noexcept {
  for (const auto& [name, k] : kinds)
    if (k == kind)
      return name;
  return "?";
}

script read_script(const std::string& yaml) {
  script s;
  const auto root = load(yaml);
  if (root.IsNull())
    return s;
  const auto into = [](spread& where) {
    return [&where](const YAML::Node& n) { where = read_spread(n); };
  };
  fields{root}
    .use("answers",
         each(s.answers, [](const YAML::Node& n) { return read_answer(n); }))
    .use("faults",
         each(s.faults, [](const YAML::Node& n) { return read_fault(n); }))
    .use("latency", into(s.latency))
    .use("tokens_per_second", into(s.tokens_per_second))
    .use("padding", into(s.padding))
    .read("models", s.models)
    .read("renamed", s.renamed)
    .finish();
  return s;
}

fault read_fault(const std::string& yaml) {
  return read_fault(load(yaml));
}

answer read_answer(const std::string& yaml) {
  return read_answer(load(yaml));
}

bool has_all_words(std::string_view text,
                   const std::vector<std::string>& words) {
  if (words.empty())
    return true;
  const auto low = lowered(text);
  return std::ranges::all_of(words, [&](const std::string& word) {
    return low.find(lowered(word)) != std::string::npos;
  });
}

} // namespace pj::doubles
