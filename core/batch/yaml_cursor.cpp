#include "core/batch/yaml_cursor.hpp"

#include "core/batch/input.hpp"
#include "core/batch/templates.hpp"
#include "core/spec/fields.hpp"
#include "core/spec/settings.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace pj::batch {

namespace {

constexpr double most_dollars = 1'000'000;

place place_at(const yaml_source& from, const YAML::Mark& mark) {
  if (mark.is_null())
    return {std::string(from.file), 0, 0};
  return {std::string(from.file), mark.line + 1, mark.column + 1};
}

std::string unknown_key(std::string_view key,
                        const std::vector<std::string_view>& known) {
  const auto near =
    closest_name(lowered(clipped(key, 100)), {known.begin(), known.end()});
  std::string out = "there is no such key";
  if (!near.empty())
    return out + "; did you mean " + near + "?";
  for (std::size_t i = 0; i < known.size(); ++i)
    out += (i == 0 ? "; there are " : ", ") + std::string(known[i]);
  return out;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    out += i == 0 ? "" : i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

} // namespace

std::optional<YAML::Node> load_yaml(const yaml_source& from,
                                    std::size_t longest) {
  const place whole{std::string(from.file), 0, 0};
  if (!readable(from.text, from.file, longest, from.problems))
    return std::nullopt;
  try {
    auto all = YAML::LoadAll(std::string(from.text));
    if (all.size() == 1 && !all[0].IsNull())
      return all[0];
    from.problems.add(whole, "",
                      all.size() > 1
                        ? "it has several documents (---): keep one per file"
                        : "it is empty: say what to do, see docs/BATCH.md");
  } catch (const YAML::DeepRecursion& e) {
    from.problems.add(place_at(from, e.mark), "", "nested too deeply");
  } catch (const YAML::Exception& e) {
    from.problems.add(place_at(from, e.mark), "", "not valid YAML: " + e.msg);
  }
  return std::nullopt;
}

yaml_cursor::yaml_cursor(const yaml_source& from, YAML::Node node)
  : from_(from), node_(std::move(node)), at_(place_at(from, node_.Mark())) {}

void yaml_cursor::wrong(std::string_view what) const {
  from_.problems.add(at_, key_, what);
}

void yaml_cursor::wrong_at(const YAML::Mark& mark,
                           std::string_view what) const {
  from_.problems.add(mark.is_null() ? at_ : place_at(from_, mark), key_, what);
}

std::optional<std::string> yaml_cursor::plain() const {
  if (node_.IsMap() || node_.IsSequence()) {
    wrong(node_.IsMap() ? "takes one plain value, not a mapping"
                        : "takes one plain value, not a list");
    return std::nullopt;
  }
  auto out = std::string(node_.IsScalar() ? trimmed(node_.Scalar())
                                          : std::string_view());
  if (!out.empty())
    return out;
  wrong("it is empty: give a value or leave the key out");
  return std::nullopt;
}

std::optional<std::string> yaml_cursor::line(std::size_t longest,
                                             complaint check) const {
  auto out = plain();
  if (!out)
    return out;
  auto why = line_complaint(*out, longest);
  if (why.empty())
    why = check(*out);
  if (why.empty())
    return out;
  wrong(in_quotes(*out) + ": " + why);
  return std::nullopt;
}

std::optional<std::string> yaml_cursor::text(std::size_t longest) const {
  if (!plain())
    return std::nullopt;
  auto out = node_.Scalar();
  out.resize(out.find_last_not_of(" \t\r\n") + 1);
  const auto why = out.size() > longest
                     ? "it has " + std::to_string(out.size()) +
                         " bytes, at most " + std::to_string(longest) +
                         " are accepted"
                     : prompt_complaint(out);
  if (why.empty())
    return out;
  wrong(why);
  return std::nullopt;
}

std::optional<bool> yaml_cursor::flag() const {
  const auto word = one_of({"true", "false", "yes", "no"});
  return word ? std::optional(*word % 2 == 0) : std::nullopt;
}

std::optional<std::int64_t> yaml_cursor::whole(std::int64_t least,
                                               std::int64_t most) const {
  const auto given = plain();
  if (!given)
    return std::nullopt;
  if (const auto out = whole_number(*given, least, most))
    return out;
  wrong(in_quotes(*given) + ": use a whole number from " +
        std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<double> yaml_cursor::dollars() const {
  const auto given = plain();
  if (!given)
    return std::nullopt;
  double out = 0;
  const auto end = given->data() + given->size();
  const auto [stop, error] =
    std::from_chars(given->data(), end, out, std::chars_format::fixed);
  if (error == std::errc{} && stop == end && out > 0 && out <= most_dollars)
    return out;
  wrong(in_quotes(*given) +
        ": use US dollars, more than 0 and at most 1000000, like 0.50");
  return std::nullopt;
}

std::optional<std::size_t>
yaml_cursor::one_of(const std::vector<std::string_view>& words) const {
  const auto given = plain();
  if (!given)
    return std::nullopt;
  const auto found = std::find_if(words.begin(), words.end(), [&](auto word) {
    return equal_ignoring_case(word, *given);
  });
  if (found != words.end())
    return static_cast<std::size_t>(found - words.begin());
  wrong(in_quotes(*given) + ": use " + joined(words));
  return std::nullopt;
}

std::optional<field_value> yaml_cursor::field() const {
  auto text = plain();
  if (!text)
    return std::nullopt;
  return field_value{*std::move(text), at_, key_, from_.text, offset()};
}

text_template yaml_cursor::as_template(std::string text, bool is_body) const {
  text_template out{std::move(text), at_};
  check_template(out, is_body, from_.text, offset(), key_, from_.problems);
  return out;
}

std::size_t yaml_cursor::offset() const {
  const auto mark = node_.Mark();
  return mark.is_null() ? 0 : static_cast<std::size_t>(std::max(0, mark.pos));
}

void yaml_cursor::each_entry(const std::vector<std::string_view>& known,
                             const taker& take) const {
  if (!node_.IsMap())
    return wrong("it takes keys and values, like \"" + std::string(known[0]) +
                 ": …\"");
  std::vector<std::string> seen;
  for (const auto& entry : node_) {
    if (!entry.first.IsScalar()) {
      wrong_at(entry.first.Mark(), "a key must be a plain word");
      continue;
    }
    const auto& name = entry.first.Scalar();
    auto value = child(entry.second, (key_.empty() ? "" : key_ + '.') + name,
                       entry.first.Mark());
    if (std::find(known.begin(), known.end(), name) == known.end())
      value.wrong_at(entry.first.Mark(), unknown_key(name, known));
    else if (std::find(seen.begin(), seen.end(), name) != seen.end())
      value.wrong_at(entry.first.Mark(), "it is given twice: keep one");
    else
      take(seen.emplace_back(name), value);
  }
}

void yaml_cursor::each_item(
  const std::function<void(yaml_cursor item)>& take) const {
  if (node_.IsScalar())
    return take(*this);
  if (!node_.IsSequence())
    return wrong("it takes a list, a line with \"- \" for each item");
  std::size_t n = 0;
  for (const auto& item : node_)
    take(child(item, key_ + '[' + std::to_string(n++) + ']', node_.Mark()));
}

yaml_cursor yaml_cursor::child(const YAML::Node& node, std::string key,
                               const YAML::Mark& fallback) const {
  yaml_cursor out(from_, node);
  out.key_ = std::move(key);
  if (node.IsNull() || node.Mark().is_null())
    out.at_ = place_at(from_, fallback);
  return out;
}

} // namespace pj::batch
