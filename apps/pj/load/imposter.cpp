#include "apps/pj/load/imposter.hpp"

#include "adapters/http/client.hpp"
#include "apps/mock/repositories.hpp"
#include "core/json_text.hpp"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace pj::load {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr const char* webhook_secret = "whsec_bG9hZC10ZXN0LXNlY3JldA==";

/// A small program with something to change in it.
const doubles::sample_files sample = {
  {"README.md", "# Load\n\nA repository to try tasks on.\n"},
  {"src/greeting.py", "def greet(name):\n    return f\"Hello, {name}!\"\n"},
  {"src/numbers.py", "def double(n):\n    return n * 2\n"},
};

fs::path program_beside_this(const char* name) {
  const auto self = fs::read_symlink("/proc/self/exe");
  const auto path = self.parent_path() / name;
  if (!fs::exists(path))
    throw std::runtime_error(std::string(name) + " is not beside " +
                             self.string() + ": install both");
  return path;
}

std::string first_line_of(int fd) {
  std::string out;
  for (char c = 0; ::read(fd, &c, 1) == 1 && c != '\n';)
    out += c;
  return out;
}

result<std::string> get(http_port& http, const std::string& url,
                        const std::string& token) {
  http_request what;
  what.url = url;
  what.headers = {{"authorization", "Bearer " + token}};
  http_limits limits;
  limits.max_body = 1u << 30;
  auto got = fetch_later(http, what, limits).get();
  if (!got)
    return got.error();
  if (got->status != 200)
    return failure{failure_class::fail,
                   failure_code::internal,
                   "pj-mock answered " + std::to_string(got->status) + " to " +
                     url,
                   {},
                   {}};
  return std::move(got->body);
}

std::size_t count_branches(const fs::path& root) {
  std::size_t out = 0;
  const doubles::repositories all(root);
  for (const auto& name : all.all()) {
    const auto heads = *all.find(name) / "refs" / "heads";
    for (const auto& entry : fs::recursive_directory_iterator(heads))
      out += entry.is_regular_file() && entry.path() != heads / "main";
  }
  return out;
}

void count_events(const json& all, counted& out) {
  std::set<std::string> ids;
  std::set<std::string> ended;
  for (const auto& one : all) {
    ++out.deliveries;
    if (one.value("status", 0) >= 300 ||
        !ids.insert(one.value("id", std::string{})).second)
      continue;
    const auto& body = one.at("body");
    if (!body.is_object())
      continue;
    const auto task = body.value("taskId", std::string{});
    const auto type = body.value("type", std::string{});
    out.out_of_order += ended.contains(task);
    if (type == "task.completed" || type == "task.failed")
      ended.insert(task);
  }
  out.events = ids.size();
  out.ended_tasks = ended.size();
}

/// The value of a counter without labels in Prometheus' text form.
std::size_t counter(const std::string& metrics, const std::string& name) {
  std::istringstream lines(metrics);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name + ' '))
      return static_cast<std::size_t>(std::stod(line.substr(name.size() + 1)));
  return 0;
}

} // namespace

imposter::imposter(const fs::path& folder, std::string_view fixtures,
                   unsigned repositories, std::uint64_t seed,
                   const fs::path& program,
                   const std::vector<std::string>& flags)
  : root_(folder / "server") {
  fs::create_directories(root_);
  for (unsigned i = 1; i <= repositories; ++i)
    doubles::make_repository(root_, "load/r" + std::to_string(i), sample);
  std::ofstream(folder / "fixtures.yaml") << fixtures;
  const auto mock = program.empty() ? program_beside_this("pj-mock") : program;
  std::vector<std::string> argv{
    mock.string(),      "--json",
    "--repo-dir",       root_.string(),
    "--fixtures",       (folder / "fixtures.yaml").string(),
    "--seed",           std::to_string(seed),
    "--webhook-secret", webhook_secret};
  argv.insert(argv.end(), flags.begin(), flags.end());
  start(argv);
}

imposter::~imposter() {
  if (child_ <= 0)
    return;
  ::kill(child_, SIGTERM);
  ::waitpid(child_, nullptr, 0);
}

void imposter::start(const std::vector<std::string>& argv) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe to be had");
  std::vector<char*> arguments;
  for (const auto& a : argv)
    arguments.push_back(const_cast<char*>(a.c_str()));
  arguments.push_back(nullptr);
  child_ = ::fork();
  if (child_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::setpgid(0, 0); // Ctrl-C is for the engine first
    ::dup2(ends[1], STDOUT_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  const auto line = first_line_of(ends[0]);
  ::close(ends[0]);
  if (child_ < 0 || line.empty())
    throw std::runtime_error("pj-mock did not start; its own line says why");
  read_addresses(line);
}

void imposter::read_addresses(const std::string& line) {
  const auto all = parse_json(line);
  auto text = [&all](const char* name) {
    return all.at(name).get<std::string>();
  };
  github_ = text("github");
  events_ = text("events");
  authority_ = all.value("ca", std::string{});
  environment_ = {
    {"OPENAI_API_KEY", text("model_key")}, {"OPENAI_BASE_URL", text("openai")},
    {"GITHUB_TOKEN", text("token")},       {"GITHUB_API_URL", github_},
    {"WEBHOOK_URL", text("webhook")},      {"WEBHOOK_SECRET", webhook_secret}};
  for (const auto& one : all.at("repos"))
    repositories_.push_back(one.get<std::string>());
}

result<counted> imposter::count() const {
  const auto http = make_http_client({});
  const auto& token = environment_.at("GITHUB_TOKEN");
  counted out;
  const auto metrics = get(*http, github_ + "/metrics", token);
  if (!metrics)
    return metrics.error();
  out.answers = counter(*metrics, "pj_mock_answers_total");
  out.pull_requests = counter(*metrics, "pj_mock_pulls_total");
  const auto events = get(*http, events_, token);
  if (!events)
    return events.error();
  count_events(parse_json(*events), out);
  out.branches = count_branches(root_);
  return out;
}

} // namespace pj::load
