#include "apps/mock/git_face.hpp"

#include "apps/mock/child.hpp"
#include "core/base64.hpp"
#include "core/text.hpp"

#include <charconv>
#include <ctime>
#include <fstream>
#include <stdexcept>

namespace pj::doubles {
namespace {

namespace fs = std::filesystem;

std::string in_quotes(const std::string& text) {
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

void write_hook(const fs::path& folder, const std::string& script) {
  fs::create_directories(folder);
  const auto path = folder / "update";
  std::ofstream{path} << "#!/bin/sh\n" << script;
  fs::permissions(path, fs::perms::owner_all);
}

std::string protecting(const std::vector<std::string>& branches) {
  std::string script = "case \"$1\" in\n";
  for (const auto& branch : branches)
    script += in_quotes("refs/heads/" + branch) +
              ") echo 'GH006: Protected branch update failed for '\"$1\"'.' "
              ">&2; exit 1;;\n";
  return script + "esac\nexit 0\n";
}

/// Splits the output of a CGI program into head and body as it comes.
class cgi_reader {
public:
  explicit cgi_reader(std::shared_ptr<responder> answer)
    : answer_(std::move(answer)) {}

  void take(std::string_view bytes) {
    if (begun_)
      return answer_->write(std::string{bytes});
    head_ += bytes;
    auto end = head_.find("\r\n\r\n");
    auto gap = std::size_t{4};
    if (end == std::string::npos) {
      end = head_.find("\n\n");
      gap = 2;
    }
    if (end == std::string::npos)
      return;
    begin(std::string_view{head_}.substr(0, end));
    answer_->write(head_.substr(end + gap));
    head_.clear();
  }

  void finish(int exit_code) {
    if (begun_)
      return exit_code == 0 ? answer_->end() : answer_->reset();
    answer_->reply(500, {{"content-type", "text/plain"}},
                   "git http-backend ended with " + std::to_string(exit_code) +
                     "\n");
  }

private:
  void begin(std::string_view head) {
    begun_ = true;
    int status = 200;
    http_headers headers;
    for (const auto line : split(head, '\n')) {
      const auto colon = line.find(':');
      if (colon == std::string_view::npos)
        continue;
      const auto name = line.substr(0, colon);
      const auto value = trimmed(line.substr(colon + 1));
      if (equal_ignoring_case(name, "status"))
        std::from_chars(value.data(), value.data() + value.size(), status);
      else if (!equal_ignoring_case(name, "content-length"))
        headers.push_back({std::string{name}, std::string{value}});
    }
    answer_->begin(status, std::move(headers));
  }

  std::shared_ptr<responder> answer_;
  std::string head_;
  bool begun_ = false;
};

class git_face final : public face {
public:
  git_face(backstage tools, repositories where, git_options options)
    : face("git", std::move(tools)), repositories_(std::move(where)),
      options_(std::move(options)) {
    write_hook(options_.hooks / "usual",
               protecting(options_.protected_branches));
    write_hook(options_.hooks / "reject",
               "echo 'pre-receive hook declined' >&2\nexit 1\n");
  }

protected:
  std::string error_body(const server_request&, int status) override {
    return "The mock was told to answer " + std::to_string(status) + "\n";
  }

  void serve(call what) override {
    const auto path = percent_decoded(path_of(what.request.target));
    const auto slash = path.find('/', path.find('/', 1) + 1);
    if (path.size() < 2 || slash == std::string::npos)
      return say(what, 404, "Not Found\n");
    const auto name = path.substr(1, slash - 1);
    const auto rest = path.substr(slash);
    if (!allowed(what.request, rest))
      return say(what, 401, "Invalid username or token.\n",
                 {{"www-authenticate", "Basic realm=\"pj-mock\""}});
    if (const auto now = moved(name); !now.empty())
      return say(what, 301, "Moved\n",
                 {{"location", '/' + now + what.request.target.substr(slash)}});
    const auto folder = repositories_.find(name);
    if (!folder)
      return say(what, 404, "Repository not found.\n");
    tools().workers->post([this, w = std::move(what), f = *folder, rest] {
      run_backend(w, f, rest);
    });
  }

private:
  static void say(const call& what, int status, std::string text,
                  http_headers headers = {}) {
    headers.push_back({"content-type", "text/plain"});
    what.answer->reply(status, std::move(headers), std::move(text));
  }

  /// The new name of a repository that moved, with `.git` when it was asked.
  std::string moved(std::string name) const {
    const bool suffix = name.ends_with(".git");
    if (suffix)
      name.resize(name.size() - 4);
    const auto now = tools().book->moved(name);
    return now.empty() || !suffix ? now : now + ".git";
  }

  bool allowed(const server_request& request, const std::string& rest) const {
    const bool push =
      rest == "/git-receive-pack" ||
      query_value(request.target, "service") == "git-receive-pack";
    if (options_.anonymous_read && !push)
      return true;
    const std::string given{find_header(request.headers, "authorization")};
    const auto scheme = lowered(given.substr(0, given.find(' ')));
    const auto value = trimmed(
      std::string_view{given}.substr(std::min(given.size(), scheme.size())));
    const auto now = std::time(nullptr);
    if (scheme == "bearer")
      return options_.tokens->accepts(value, now);
    const auto pair = from_base64(value).value_or("");
    const auto colon = pair.find(':');
    return scheme == "basic" && colon != std::string::npos &&
           options_.tokens->accepts(pair.substr(colon + 1), now);
  }

  void run_backend(const call& what, const fs::path& folder,
                   const std::string& rest) const {
    const auto& request = what.request;
    const auto* hooks =
      what.suffers(fault_kind::reject_push) ? "reject" : "usual";
    child backend;
    backend.argv = {"git", "http-backend"};
    backend.input = request.body;
    const auto header = [&](const char* name) {
      return std::string{find_header(request.headers, name)};
    };
    const auto query = request.target.find('?');
    backend.environment = {
      {"GIT_PROJECT_ROOT", folder.string()},
      {"GIT_HTTP_EXPORT_ALL", "1"},
      {"PATH_INFO", rest},
      {"QUERY_STRING",
       query == std::string::npos ? "" : request.target.substr(query + 1)},
      {"REQUEST_METHOD", request.method},
      {"CONTENT_TYPE", header("content-type")},
      {"CONTENT_LENGTH", std::to_string(request.body.size())},
      {"HTTP_CONTENT_ENCODING", header("content-encoding")},
      {"GIT_PROTOCOL", header("git-protocol")},
      {"REMOTE_USER", "pj-mock"},
      {"REMOTE_ADDR", "127.0.0.1"},
      {"GIT_CONFIG_NOSYSTEM", "1"},
      {"GIT_CONFIG_COUNT", "6"},
      {"GIT_CONFIG_KEY_0", "http.receivepack"},
      {"GIT_CONFIG_VALUE_0", "true"},
      {"GIT_CONFIG_KEY_1", "safe.directory"},
      {"GIT_CONFIG_VALUE_1", "*"},
      {"GIT_CONFIG_KEY_2", "core.hooksPath"},
      {"GIT_CONFIG_VALUE_2", (options_.hooks / hooks).string()},
      {"GIT_CONFIG_KEY_3", "uploadpack.allowAnySHA1InWant"},
      {"GIT_CONFIG_VALUE_3", "true"},
      {"GIT_CONFIG_KEY_4", "uploadpack.allowFilter"},
      {"GIT_CONFIG_VALUE_4", "true"},
      {"GIT_CONFIG_KEY_5", "receive.autogc"},
      {"GIT_CONFIG_VALUE_5", "false"},
    };
    cgi_reader reader{what.answer};
    reader.finish(
      run(backend, [&](std::string_view bytes) { reader.take(bytes); }));
  }

  repositories repositories_;
  git_options options_;
};

} // namespace

std::unique_ptr<face> make_git_face(backstage tools, repositories where,
                                    git_options options) {
  return std::make_unique<git_face>(std::move(tools), std::move(where),
                                    std::move(options));
}

} // namespace pj::doubles
