#include "core/validate/own_checks.hpp"

#include "core/text.hpp"
#include "core/validate/check_node.hpp"

namespace pj {

namespace {

constexpr std::size_t longest_file = 64u << 10;

failure trouble(const YAML::Mark& at, const std::string& what) {
  const auto line =
    at.is_null() ? std::string{} : " line " + std::to_string(at.line + 1);
  return {failure_class::fail,
          failure_code::configuration,
          std::string(own_checks_file) + line + ": " + what,
          {},
          {}};
}

std::vector<check_spec> read_list(const YAML::Node& list) {
  if (!list.IsSequence())
    throw check_mistake{list.Mark(), "validate is a list of checks"};
  if (list.size() > most_checks)
    throw check_mistake{list.Mark(), "more than 50 checks"};
  std::vector<check_spec> out;
  for (const auto& node : list) {
    auto one = read_check(node);
    for (const auto& other : out)
      if (other.name == one.name)
        throw check_mistake{node.Mark(), "two checks are named " + one.name};
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<check_spec> read_root(const YAML::Node& root) {
  if (root.IsNull())
    return {};
  if (!root.IsMap())
    throw check_mistake{root.Mark(), "starts with validate:"};
  std::vector<check_spec> out;
  for (const auto& item : root) {
    if (!item.first.IsScalar() || item.first.Scalar() != "validate")
      throw check_mistake{item.first.Mark(),
                          shown_node(item.first) + " is not known; validate"};
    if (!item.second.IsNull())
      out = read_list(item.second);
  }
  return out;
}

} // namespace

result<std::vector<check_spec>> read_own_checks(std::string_view yaml) {
  if (yaml.size() > longest_file)
    return trouble(YAML::Mark::null_mark(), "longer than 64 KiB");
  try {
    return read_root(YAML::Load(std::string(yaml)));
  } catch (const check_mistake& e) {
    return trouble(e.at, e.what);
  } catch (const YAML::Exception& e) {
    return trouble(e.mark, printable(e.msg));
  }
}

} // namespace pj
