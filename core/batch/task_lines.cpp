#include "core/batch/input.hpp"
#include "core/batch/task_maker.hpp"
#include "core/spec/settings.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace pj::batch {

namespace {

/// What a line may say. The rest is the environment's: a file of tasks holds
/// no keys and does not say where they are sent.
constexpr std::array<std::string_view, 21> line_keys = {"TARGET_REPO",
                                                        "TASK_ID",
                                                        "AGENT_PROMPT",
                                                        "BRANCH_NAME",
                                                        "BASE_BRANCH",
                                                        "MODEL_PROVIDER",
                                                        "MODEL",
                                                        "GITHUB_REPOSITORY",
                                                        "GIT_AUTHOR_NAME",
                                                        "GIT_AUTHOR_EMAIL",
                                                        "PR_TITLE",
                                                        "WORKSPACE_ID",
                                                        "SKIP_PUSH_TO_REMOTE",
                                                        "SKIP_PR_CREATION",
                                                        "TASK_TIMEOUT_MINUTES",
                                                        "ADD_CODERABBIT_CONFIG",
                                                        "PR_DRAFT",
                                                        "PR_LABELS",
                                                        "PR_ASSIGNEES",
                                                        "PR_REVIEWERS",
                                                        "PR_TEAM_REVIEWERS"};

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Tells how far the parser has read.
class counted {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  counted(const char* at, const char** furthest)
    : at_(at), furthest_(furthest) {}

  reference operator*() const { return *at_; }
  counted& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  counted operator++(int) {
    auto old = *this;
    ++*this;
    return old;
  }
  bool operator==(const counted& other) const { return at_ == other.at_; }
  bool operator!=(const counted& other) const { return at_ != other.at_; }

private:
  const char* at_;
  const char** furthest_;
};

/// One line: a flat object of the names of the contract. Keeps no tree, so a
/// deep one costs nothing.
class line_reader final : public nlohmann::json_sax<nlohmann::json> {
public:
  line_reader(std::string_view line, const place& at, problem_log& problems)
    : line_(line), problems_(problems) {
    out_.at = at;
    key_at_ = at;
  }

  raw_task read() {
    const char* const end = line_.data() + line_.size();
    furthest_ = line_.data();
    nlohmann::json::sax_parse(counted(line_.data(), &furthest_),
                              counted(end, &furthest_), this);
    return std::move(out_);
  }

  bool null() override { return true; }
  bool boolean(bool value) override { return take(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override {
    return take(std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return take(std::to_string(value));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return take(text);
  }
  bool string(string_t& value) override { return take(value); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override {
    if (depth_++ == 1)
      wrong("takes one plain value, not an object");
    return true;
  }

  bool key(string_t& name) override {
    if (depth_ != 1)
      return true;
    key_ = name;
    const auto behind = static_cast<std::size_t>(furthest_ - line_.data());
    key_at_.column =
      static_cast<int>(behind - std::min(behind, name.size() + 2)) + 1;
    is_known_ = is_one_of(line_keys, name);
    if (!is_known_)
      wrong(unknown(name));
    else if (!seen_.emplace(name).second)
      wrong("it is given twice: keep one");
    return true;
  }

  bool end_object() override {
    --depth_;
    return true;
  }

  bool start_array(std::size_t) override {
    if (depth_++ == 0)
      wrong(one_object);
    else if (depth_ == 2 && is_known_ && !is_one_of(list_settings(), key_))
      wrong("takes one plain value, not a list");
    else if (depth_ > 2 && is_known_)
      wrong("takes a list of plain values");
    return true;
  }

  bool end_array() override {
    --depth_;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception&) override {
    auto at = out_.at;
    at.column = static_cast<int>(std::min(position, line_.size() + 1));
    problems_.add(at, "", "not valid JSON here: " + std::string(one_object));
    return false;
  }

private:
  static constexpr std::string_view one_object =
    "each line is one object, like {\"TARGET_REPO\": \"https://…\", "
    "\"AGENT_PROMPT\": \"…\"}";

  static std::string unknown(std::string_view name) {
    if (is_secret_variable(name))
      return "it is a secret: set it in the environment";
    if (is_one_of(contract_variables(), name) ||
        is_one_of(further_settings(), name))
      return "it is the same for all tasks: set it in the environment";
    const auto near =
      closest_name(clipped(name, 100), {line_keys.begin(), line_keys.end()});
    return near.empty() ? "there is no such key; use the names of the "
                          "environment, like TARGET_REPO"
                        : "there is no such key; did you mean " + near + "?";
  }

  void wrong(std::string_view what) {
    problems_.add(key_.empty() ? out_.at : key_at_, key_, what);
  }

  bool take(const std::string& value) {
    if (depth_ == 0)
      wrong(one_object);
    if (depth_ == 0 || !is_known_ || trimmed(value).empty())
      return true;
    auto& into = out_.settings[key_];
    into.at = key_at_;
    into.key = key_;
    if (depth_ == 2 && value.find(',') != value.npos)
      wrong("names have no comma: use one item for each");
    into.value += (into.value.empty() ? "" : ",") + value;
    return true;
  }

  std::string_view line_;
  problem_log& problems_;
  raw_task out_;
  const char* furthest_ = nullptr;
  int depth_ = 0;
  std::string key_;
  place key_at_;
  bool is_known_ = false;
  std::set<std::string> seen_;
};

/// What tells apart the tasks of one repository that have no id.
std::string distinction(const raw_task& one) {
  const auto prompt = one.settings.find("AGENT_PROMPT");
  return prompt == one.settings.end() ? "" : prompt->second.value;
}

} // namespace

task_list read_task_lines(const spec& from, std::string_view lines,
                          std::string_view file, const settings& environment,
                          const llm::model_table& models,
                          problem_log& problems) {
  task_maker maker(from, environment, models, problems);
  const auto clean = readable(lines, file, longest_task_file, problems);
  if (!clean)
    return maker.take();
  int number = 0;
  for (const auto line : split(*clean, '\n')) {
    ++number;
    if (trimmed(line).empty())
      continue;
    const auto before = problems.count();
    auto one =
      line_reader(line, {std::string(file), number, 1}, problems).read();
    one.distinction = distinction(one);
    if (problems.count() == before)
      maker.add(std::move(one));
  }
  auto out = maker.take();
  if (out.tasks.empty() && problems.empty())
    problems.add({std::string(file), 0, 0}, "",
                 "it has no task: write one JSON object on each line");
  return out;
}

} // namespace pj::batch
