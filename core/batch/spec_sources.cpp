#include "core/batch/spec_parts.hpp"
#include "core/spec/environment.hpp"

#include <algorithm>

namespace pj::batch {

namespace {

constexpr std::size_t longest_pattern = 256;
constexpr std::size_t longest_query = 256; ///< GitHub's bound
constexpr std::size_t most_sources = 10'000;

struct source_key {
  source_kind kind;
  complaint check;
};

std::string_view topic_complaint(std::string_view value) {
  const bool fits = value.size() <= 50 &&
                    value.find_first_not_of(
                      "abcdefghijklmnopqrstuvwxyz0123456789-") == value.npos;
  return fits ? "" : "a topic has at most 50 small letters, digits and '-'";
}

std::string_view query_complaint(std::string_view value) {
  return value.size() <= longest_query ? ""
                                       : "GitHub takes at most 256 characters";
}

constexpr std::array source_keys = {
  source_key{source_kind::lines, nothing_wrong},
  source_key{source_kind::csv, nothing_wrong},
  source_key{source_kind::organization, login_complaint},
  source_key{source_kind::user, login_complaint},
  source_key{source_kind::topic, topic_complaint},
  source_key{source_kind::search, query_complaint},
};

const source_key* find(std::string_view name) {
  const auto found =
    std::find_if(source_keys.begin(), source_keys.end(),
                 [name](auto& k) { return to_string(k.kind) == name; });
  return found == source_keys.end() ? nullptr : &*found;
}

const std::vector<std::string_view>& item_keys() {
  static const auto names = [] {
    auto out = repository_keys();
    for (const auto& key : source_keys)
      out.push_back(to_string(key.kind));
    return out;
  }();
  return names;
}

/// One item, which is either a repository or a source of several.
class item_reader {
public:
  explicit item_reader(const yaml_cursor& in) : in_(in) {
    out_.at = in.at();
    out_.own.at = in.at();
  }

  void read(std::vector<repository_source>& into) {
    if (in_.is_map())
      in_.each_entry(item_keys(),
                     [this](auto key, const auto& value) { take(key, value); });
    else if (const auto value = in_.field())
      take_field(out_.own, "url", *value, in_.source().problems);
    if (in_.is_map())
      check_whole();
    if (!out_.value.empty() || !out_.own.url.empty())
      into.push_back(std::move(out_));
  }

private:
  void take(std::string_view key, const yaml_cursor& value) {
    has_url_ = has_url_ || key == "url";
    const auto* source = find(key);
    if (!source) {
      has_own_ = true;
      if (auto field = value.field())
        take_field(out_.own, key, *std::move(field), in_.source().problems);
    } else if (++sources_ == 1) {
      out_.kind = source->kind;
      out_.at = value.at();
      out_.value = value.line(longest_text, source->check).value_or("");
    }
  }

  void check_whole() const {
    if (sources_ > 1 || (sources_ == 1 && has_own_))
      in_.wrong("an item is one repository or one source of them: put each "
                "into an item of its own");
    else if (sources_ == 0 && !has_url_)
      in_.wrong("url is missing: name the repository, like \"url: "
                "https://github.com/owner/repo\"");
  }

  const yaml_cursor& in_;
  repository_source out_;
  int sources_ = 0;
  bool has_own_ = false;
  bool has_url_ = false;
};

std::string_view pattern_complaint(std::string_view value) {
  return value.size() > longest_pattern ? "at most 256 bytes are accepted"
         : value.find_first_of("[]{}!\\") != value.npos
           ? "patterns have '*', '**' and '?' only, like acme/*"
           : "";
}

void read_patterns(const yaml_cursor& in, std::vector<std::string>& out) {
  in.each_item([&out](const yaml_cursor& item) {
    if (auto pattern = item.line(longest_text, pattern_complaint))
      out.push_back(*std::move(pattern));
  });
}

} // namespace

void read_repositories(const yaml_cursor& in, spec& out) {
  std::size_t n = 0;
  in.each_item([&](const yaml_cursor& item) {
    if (++n <= most_sources)
      item_reader(item).read(out.repositories);
  });
  if (n > most_sources)
    in.wrong("more than 10000 items: put them into a file (- file: repos.txt)");
  else if (n == 0 && in.is_list())
    in.wrong("it is empty: name at least one repository");
}

void read_include(const yaml_cursor& in, spec& out) {
  read_patterns(in, out.filter.include);
}

void read_exclude(const yaml_cursor& in, spec& out) {
  read_patterns(in, out.filter.exclude);
}

void read_skip_forks(const yaml_cursor& in, spec& out) {
  out.filter.skip_forks = in.flag().value_or(true);
}

void read_skip_archived(const yaml_cursor& in, spec& out) {
  out.filter.skip_archived = in.flag().value_or(true);
}

void add_keys_of_sources(std::vector<std::string>& out) {
  for (const auto key : item_keys())
    out.push_back("repositories[]." + std::string(key));
}

} // namespace pj::batch
