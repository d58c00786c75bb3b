#include "core/llm/models.hpp"
#include "core/text.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <stdexcept>

namespace pj::embedded {
extern const std::string_view model_table_yaml;
}

namespace pj::llm {

namespace {

/// More is no table a person wrote.
constexpr std::size_t longest_table = 1u << 20;
constexpr std::uint32_t most_tokens = 100'000'000;

failure trouble(const YAML::Mark& at, const std::string& what) {
  const auto line =
    at.is_null() ? std::string{} : "line " + std::to_string(at.line + 1) + ": ";
  return {failure_class::fail,
          failure_code::configuration,
          "model table: " + line + what,
          {}};
}

/// Thrown inside this file only; becomes a failure at its edge.
struct bad_entry {
  YAML::Mark at;
  std::string what;
};

std::string shown(const YAML::Node& node) {
  return node.IsScalar() ? "\"" + printable(node.Scalar(), 60) + "\""
                         : std::string("this");
}

template <class T>
T read(const YAML::Node& node, const char* expected) {
  T out{};
  if (!YAML::convert<T>::decode(node, out))
    throw bad_entry{node.Mark(), shown(node) + " is not " + expected};
  return out;
}

std::uint32_t tokens(const YAML::Node& node) {
  const auto n = read<std::uint32_t>(node, "a number of tokens");
  if (n == 0 || n > most_tokens)
    throw bad_entry{node.Mark(), shown(node) + " tokens is out of range"};
  return n;
}

double dollars(const YAML::Node& node) {
  const auto d = read<double>(node, "a price");
  if (!(d >= 0 && d < 1e6))
    throw bad_entry{node.Mark(), shown(node) + " is not a price"};
  return d;
}

/// [input, output, cached, cache_write]; the last two default to input.
price read_price(const YAML::Node& node) {
  if (!node.IsSequence() || node.size() < 2 || node.size() > 4)
    throw bad_entry{node.Mark(),
                    "price takes [input, output, cached, cache_write]"};
  price out;
  out.input = dollars(node[0]);
  out.output = dollars(node[1]);
  out.cached = node.size() > 2 ? dollars(node[2]) : out.input;
  out.cache_write = node.size() > 3 ? dollars(node[3]) : out.input;
  return out;
}

wire read_wire(const YAML::Node& node) {
  const auto name = read<std::string>(node, "a wire");
  if (name == "chat_completions")
    return wire::chat_completions;
  if (name == "responses")
    return wire::responses;
  if (name == "messages")
    return wire::messages;
  throw bad_entry{node.Mark(), shown(node) + " is no wire; chat_completions, "
                                             "responses or messages"};
}

std::string one_of(const YAML::Node& node, std::string_view a,
                   std::string_view b) {
  auto out = read<std::string>(node, "a name");
  if (out != a && out != b)
    throw bad_entry{node.Mark(), shown(node) + " is neither " + std::string(a) +
                                   " nor " + std::string(b)};
  return out;
}

void read_field(const YAML::Node& key, const YAML::Node& value,
                model_entry& out) {
  const auto name = read<std::string>(key, "a name");
  if (name == "window") {
    out.window = tokens(value);
    out.window_is_guess = false;
  } else if (name == "max_output")
    out.max_output_tokens = tokens(value);
  else if (name == "price")
    out.cost = value.IsNull() ? std::optional<price>{} : read_price(value);
  else if (name == "tokens")
    out.token_field = one_of(value, "max_tokens", "max_completion_tokens");
  else if (name == "system")
    out.system_role = one_of(value, "system", "developer");
  else if (name == "temperature")
    out.sends_temperature = read<bool>(value, "true or false");
  else if (name == "usage_option")
    out.sends_stream_options = read<bool>(value, "true or false");
  else if (name == "wire")
    out.speaks = read_wire(value);
  else if (name == "default")
    out.is_default = read<bool>(value, "true or false");
  else
    throw bad_entry{key.Mark(), shown(key) + " is not known here"};
}

void put(std::vector<model_entry>& entries, model_entry entry) {
  if (entry.is_default)
    for (auto& e : entries)
      e.is_default = e.is_default && e.provider != entry.provider;
  const auto old =
    std::find_if(entries.begin(), entries.end(), [&](const auto& e) {
      return e.provider == entry.provider && e.name == entry.name;
    });
  if (old == entries.end())
    entries.push_back(std::move(entry));
  else
    *old = std::move(entry);
}

/// An entry starts from what the table already knows about its name, so an
/// override may change a single field.
void read_models(provider_id provider, const YAML::Node& models,
                 model_table& table) {
  if (!models.IsMap())
    throw bad_entry{models.Mark(), "a provider holds models by name"};
  for (const auto& item : models) {
    const auto name = read<std::string>(item.first, "a model's name");
    if (name.empty() || name == "*" || !item.second.IsMap())
      throw bad_entry{item.first.Mark(),
                      shown(item.first) + " needs {window: …, …}"};
    auto entry = table.find(provider, name);
    entry.is_default = false;
    for (const auto& field : item.second)
      read_field(field.first, field.second, entry);
    if (entry.is_default && name.back() == '*')
      throw bad_entry{item.first.Mark(), "a wildcard cannot be the default"};
    put(table.entries, std::move(entry));
  }
}

void read_table(std::string_view yaml, model_table& table) {
  const auto root = YAML::Load(std::string(yaml));
  if (root.IsNull())
    return;
  if (!root.IsMap())
    throw bad_entry{root.Mark(), "providers come first: openai, anthropic or "
                                 "openrouter"};
  for (const auto& item : root) {
    const auto name = read<std::string>(item.first, "a provider");
    const auto provider = provider_from(name);
    if (!provider)
      throw bad_entry{item.first.Mark(), shown(item.first) +
                                           " is no provider; openai, anthropic "
                                           "or openrouter"};
    read_models(*provider, item.second, table);
  }
}

result<model_table> extended(model_table table, std::string_view yaml) {
  if (yaml.size() > longest_table)
    return trouble(YAML::Mark::null_mark(), "longer than 1 MiB");
  try {
    read_table(yaml, table);
  } catch (const bad_entry& e) {
    return trouble(e.at, e.what);
  } catch (const YAML::Exception& e) {
    return trouble(e.mark, printable(e.msg));
  }
  return table;
}

} // namespace

const model_table& model_table::built_in() {
  static const auto table = [] {
    auto read = extended({}, embedded::model_table_yaml);
    if (!read)
      throw std::logic_error(read.error().what);
    return *std::move(read);
  }();
  return table;
}

result<model_table> model_table::with_overrides(std::string_view yaml) {
  return extended(built_in(), yaml);
}

} // namespace pj::llm
