#include "world.hpp"

#include "core/text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <utility>

namespace pj::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const doubles::sample_files hello = {
  {"README.md", "# Hello\n\nPrints a friendly greeting.\n"},
  {"src/hello.py", "def greet(name):\n    return f\"Hello, {name}!\"\n"},
  {"notes/old.txt", "nothing to see\n"},
};

mock_options completed(mock_options o, const fs::path& folder) {
  o.repositories = folder / "server";
  fs::create_directories(o.repositories);
  if (o.webhook_secret.empty())
    o.webhook_secret = usual_webhook_secret;
  return o;
}

} // namespace

std::vector<std::string> usual_messages() {
  return {"Cloning repository...",
          "Creating branch pj/t1...",
          "Asking the model (openai/gpt-4o)...",
          "Applying the change...",
          "Validating the change...",
          "Committing and pushing...",
          "Opening a pull request...",
          "Pull request created.",
          "Task completed."};
}

world::world(mock_options options)
  : doubles(completed(std::move(options), scratch_.path())) {
  doubles.add_repository("acme/hello", hello);
  fs::create_directories(home());
  const auto& u = doubles.urls();
  environment = {
    {"HOME", home().string()},
    {"TARGET_REPO", doubles.repository_url("acme/hello")},
    {"TASK_ID", "t1"},
    {"AGENT_PROMPT", "Greet the reader in README.md."},
    {"OPENAI_API_KEY", doubles.model_key()},
    {"OPENAI_BASE_URL", u.openai},
    {"ANTHROPIC_BASE_URL", u.anthropic},
    {"OPENROUTER_BASE_URL", u.openrouter},
    {"GITHUB_TOKEN", doubles.token()},
    {"GITHUB_API_URL", u.github},
    {"WEBHOOK_URL", u.webhook},
    {"WEBHOOK_SECRET", usual_webhook_secret},
    {"WORKSPACE_ID", "w1"},
  };
  for (const char* name : {"PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS",
                           "UBSAN_OPTIONS", "LSAN_OPTIONS"})
    if (const char* value = std::getenv(name))
      environment[name] = value;
}

std::unique_ptr<program> world::start(std::vector<std::string> flags,
                                      std::string_view input) const {
  flags.insert(flags.begin(), {PJ_BINARY_DIR "/pj", "run"});
  return std::make_unique<program>(std::move(flags), environment, input);
}

ending world::run(std::vector<std::string> flags,
                  std::string_view input) const {
  auto x = start(std::move(flags), input)->wait();
  UNSCOPED_INFO("pj ended with " << x.code << ":\n" << x.err);
  return x;
}

ending world::check_refused(const std::vector<std::string>& words) const {
  auto x = run();
  CHECK(x.code == 1);
  const auto lines = error_lines(x.err);
  REQUIRE(lines.size() == 1);
  for (const auto& word : words) {
    INFO(lines[0] << " should say " << word);
    CHECK(has(lines[0], word));
  }
  CHECK(requests("model") == 0);
  return x;
}

json world::result(std::vector<std::string> flags) const {
  flags.emplace_back("--json");
  const auto x = run(std::move(flags));
  INFO(x.out);
  REQUIRE(x.out.ends_with("\n"));
  CHECK(x.out.find('\n') == x.out.size() - 1);
  const auto j = json::parse(x.out, nullptr, false);
  REQUIRE(j.is_object());
  CHECK(j.at("exit_code") == x.code);
  return j;
}

std::string world::git(std::vector<std::string> arguments) const {
  return git_in(doubles.repository_path("acme/hello"), std::move(arguments));
}

std::vector<std::string> world::branches() const {
  const auto text =
    git({"for-each-ref", "--format=%(refname:short)", "refs/heads"});
  std::vector<std::string> out;
  for (const auto line : split(text, '\n'))
    if (!line.empty() && line != "main")
      out.emplace_back(line);
  return out;
}

std::string world::changed_files(const std::string& branch) const {
  return git({"diff", "--name-status", "main.." + branch});
}

std::vector<json> world::events() const {
  std::vector<json> out;
  std::map<std::string, std::string> known;
  for (const auto& d : doubles.events()) {
    CHECK(d.verified == true);
    const auto [place, fresh] = known.emplace(d.id, d.body);
    CHECK(place->second == d.body);
    if (fresh)
      out.push_back(json::parse(d.body));
  }
  return out;
}

std::vector<std::string> world::event_messages() const {
  std::vector<std::string> out;
  for (const auto& e : events())
    out.push_back(e.at("message"));
  return out;
}

std::size_t world::requests(const std::string& face,
                            const std::string& path) const {
  std::size_t n = 0;
  for (const auto& r : doubles.requests())
    n += (face.empty() || r.face == face) && has(r.target, path) ? 1u : 0u;
  return n;
}

void world::await_fault(const std::string& face,
                        const std::string& fault) const {
  await(face + " to suffer " + fault, [&] {
    for (const auto& r : doubles.requests())
      if (r.face == face && r.fault == fault)
        return true;
    return false;
  });
}

fs::path world::state() const {
  return home() / ".local/state/pithy-jaunt";
}

void await(const std::string& what, const std::function<bool()>& so) {
  const auto end = std::chrono::steady_clock::now() + 30s;
  while (!so()) {
    if (std::chrono::steady_clock::now() > end)
      throw std::runtime_error("waited in vain for " + what);
    std::this_thread::sleep_for(2ms);
  }
}

namespace {

/// A socket on a free port of 127.0.0.1, and that port.
std::pair<int, int> bound_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* address = reinterpret_cast<sockaddr*>(&at);
  if (::bind(fd, address, size) != 0 || ::getsockname(fd, address, &size) != 0)
    throw std::runtime_error("no port to be had");
  return {fd, ntohs(at.sin_port)};
}

} // namespace

int closed_port() {
  // Stays bound: else another test's server may get it.
  return bound_socket().second;
}

int free_port() {
  const auto [fd, port] = bound_socket();
  ::close(fd);
  return port;
}

std::vector<std::string> error_lines(const std::string& err) {
  std::vector<std::string> out;
  for (const auto line : split(err, '\n'))
    if (line.starts_with("[pj] error: ") && !line.starts_with("[pj] error:  "))
      out.emplace_back(line);
  return out;
}

} // namespace pj::test
