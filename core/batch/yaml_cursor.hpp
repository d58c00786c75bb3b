#pragma once
// Walks a YAML document and says where it is. Included by sources that know
// yaml-cpp.
#include "core/batch/problem.hpp"
#include "core/batch/repository_fields.hpp"
#include "core/spec/fields.hpp"
#include "core/spec/rules.hpp"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pj::batch {

/// A document and where its problems go.
struct yaml_source {
  std::string_view text;
  std::string_view file;
  problem_log& problems;
};

/// The one document of a text of at most `longest` bytes; nothing, and one
/// problem, when it is none: too long, NUL, not UTF-8, broken, too deep,
/// several documents.
std::optional<YAML::Node> load_yaml(const yaml_source& from,
                                    std::size_t longest);

/// A node of a document, by what name and where. Its readers give nothing
/// after noting what is wrong.
class yaml_cursor {
public:
  yaml_cursor(const yaml_source& from, YAML::Node node);

  bool is_map() const { return node_.IsMap(); }
  bool is_list() const { return node_.IsSequence(); }
  bool is_plain() const { return node_.IsScalar(); }
  bool is_nothing() const { return node_.IsNull(); }
  const YAML::Node& node() const { return node_; }
  const std::string& key() const { return key_; } ///< dotted, for problems
  const place& at() const { return at_; }
  const yaml_source& source() const { return from_; }

  /// Notes what is wrong with this node.
  void wrong(std::string_view what) const;
  void wrong_at(const YAML::Mark& mark, std::string_view what) const;

  /// A plain value, trimmed and not empty.
  std::optional<std::string> plain() const;

  /// One line without control characters that `check` does not mind.
  std::optional<std::string> line(std::size_t longest, complaint check) const;

  /// Many lines, as a prompt has them; not trimmed but at its end.
  std::optional<std::string> text(std::size_t longest) const;

  std::optional<bool> flag() const;
  std::optional<std::int64_t> whole(std::int64_t least,
                                    std::int64_t most) const;
  std::optional<double> dollars() const;

  /// The index of the word this is.
  std::optional<std::size_t>
  one_of(const std::vector<std::string_view>& words) const;

  /// A plain value as `take_field` wants it.
  std::optional<field_value> field() const;

  /// A template with the problems of its placeholders noted.
  text_template as_template(std::string text, bool is_body) const;

  /// Every entry of a map whose key is known. Other keys, and those that come
  /// twice, are problems; so is a node that is no map.
  using taker = std::function<void(std::string_view key, yaml_cursor value)>;
  void each_entry(const std::vector<std::string_view>& known,
                  const taker& take) const;

  /// Every item of a list, or of the list that a single value stands for.
  void each_item(const std::function<void(yaml_cursor item)>& take) const;

private:
  std::size_t offset() const;
  yaml_cursor child(const YAML::Node& node, std::string key,
                    const YAML::Mark& fallback) const;

  const yaml_source& from_;
  YAML::Node node_;
  std::string key_;
  place at_;
};

} // namespace pj::batch
