#include "core/spec/settings.hpp"

#include "core/text.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <numeric>

namespace pj {

namespace {

constexpr std::size_t longest_file = 1u << 20;

std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0u);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::vector<std::string_view> known_settings() {
  auto names = contract_variables();
  for (const auto* more : {&further_settings(), &engine_variables()})
    names.insert(names.end(), more->begin(), more->end());
  return names;
}

bool takes_list(std::string_view name) {
  return std::find(list_settings().begin(), list_settings().end(), name) !=
         list_settings().end();
}

/// The variable that a key means; empty when it means none.
std::string_view variable_of(std::string_view key) {
  static const auto names = known_settings();
  const auto found = std::find_if(names.begin(), names.end(), [key](auto name) {
    return key == name || key == lowered(name);
  });
  return found == names.end() ? std::string_view() : *found;
}

class file_reader {
public:
  file_reader(std::string_view file, bool is_private)
    : file_(file), is_private_(is_private) {}

  result<settings> read(std::string_view yaml) {
    if (yaml.size() > longest_file)
      problem(0, "more than 1 MiB is no configuration");
    else
      load(yaml);
    if (problems_.empty())
      return std::move(out_);
    return failure{
      failure_class::fail, failure_code::configuration, problems_, "", {}};
  }

private:
  void load(std::string_view yaml) try {
    const auto root = YAML::Load(std::string(yaml));
    if (root.IsNull())
      return;
    if (!root.IsMap()) {
      problem(1, "expected lines like \"model_provider: anthropic\"");
      return;
    }
    for (const auto& entry : root)
      take(entry.first, entry.second);
  } catch (const YAML::Exception& e) {
    problem(e.mark.line + 1, "not valid YAML: " + e.msg);
  }

  void take(const YAML::Node& key, const YAML::Node& value) {
    const auto line = key.Mark().line + 1;
    const auto text = key.IsScalar() ? key.Scalar() : std::string("?");
    const auto name = std::string(variable_of(text));
    if (name.empty())
      problem(line, unknown(text));
    else if (out_.count(name) > 0)
      problem(line, text + " is given twice");
    else if (is_secret_variable(name) && !is_private_)
      problem(line, text +
                      " is a secret: make the file yours alone (chmod 600) "
                      "or use the environment");
    else if (takes_list(name) && is_plain_list(value))
      out_[name] = {joined(value), at(line)};
    else if (!value.IsScalar() && !value.IsNull())
      problem(line, text + (takes_list(name) ? " takes a list of plain values"
                                             : " takes one plain value"));
    else
      out_[name] = {value.IsNull() ? "" : value.Scalar(), at(line)};
  }

  static bool is_plain_list(const YAML::Node& value) {
    return value.IsSequence() &&
           std::all_of(value.begin(), value.end(),
                       [](const auto& item) { return item.IsScalar(); });
  }

  static std::string joined(const YAML::Node& list) {
    std::string out;
    for (const auto& item : list)
      out += (out.empty() ? "" : ",") + item.Scalar();
    return out;
  }

  static std::string unknown(std::string_view key) {
    std::vector<std::string> known;
    for (auto name : known_settings())
      known.push_back(lowered(name));
    const auto near = closest_name(lowered(clipped(key, 100)), known);
    auto out = "unknown key \"" + printable(key, 60) + '"';
    return near.empty() ? out : out + ", did you mean " + near + '?';
  }

  std::string at(int line) const { return file_ + ':' + std::to_string(line); }

  void problem(int line, std::string_view what) {
    problems_ += problems_.empty() ? "" : "\n";
    problems_ += at(line) + ": " + printable(what);
  }

  std::string file_;
  bool is_private_;
  settings out_;
  std::string problems_;
};

} // namespace

settings merged(std::initializer_list<const settings*> strong_to_weak) {
  settings out;
  for (const auto* source : strong_to_weak)
    for (const auto& [name, value] : *source)
      if (!trimmed(value.value).empty())
        out.emplace(name, value);
  return out;
}

result<settings> read_settings_file(std::string_view yaml,
                                    std::string_view file, bool is_private) {
  return file_reader(file, is_private).read(yaml);
}

std::string closest_name(std::string_view name,
                         const std::vector<std::string>& candidates) {
  std::string_view best;
  auto fewest = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const auto& candidate : candidates)
    if (const auto n = edits(name, candidate); n < fewest) {
      fewest = n;
      best = candidate;
    }
  return std::string(best);
}

} // namespace pj
