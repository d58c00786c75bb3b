#include "apps/mock/mock.hpp"

#include "adapters/crypto/rsa.hpp"
#include "adapters/work_pool.hpp"
#include "apps/mock/certificate.hpp"
#include "apps/mock/git_face.hpp"
#include "apps/mock/github_face.hpp"
#include "apps/mock/model_face.hpp"
#include "apps/mock/random_text.hpp"
#include "apps/mock/token_book.hpp"
#include "core/json_text.hpp"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace pj {
namespace {

namespace fs = std::filesystem;
using namespace doubles;

constexpr std::size_t worker_threads = 4;

/// A folder that goes with its owner.
class temporary_folder {
public:
  temporary_folder() {
    auto name = (fs::temp_directory_path() / "pj-mock-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("cannot make a folder in " +
                               fs::temp_directory_path().string());
    path_ = name;
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }

private:
  fs::path path_;
};

mock_options completed(mock_options o) {
  if (o.token.empty())
    o.token = random_text("ghp_mock");
  if (o.model_key.empty())
    o.model_key = random_text("sk-mock-");
  return o;
}

} // namespace

struct mock::parts {
  explicit parts(mock_options o)
    : options(completed(std::move(o))),
      where(options.repositories.empty() ? folder.path() / "repositories"
                                         : options.repositories),
      journal(std::make_shared<recorder>(options.keep_requests)),
      book(std::make_shared<playbook>(read_script(options.fixtures),
                                      options.seed)),
      workers(std::make_shared<work_pool>("mock", worker_threads)),
      deliveries(std::make_shared<delivery_log>()),
      pulls(std::make_shared<pull_store>(where)),
      tokens(std::make_shared<token_book>(options.token)) {
    if (options.repositories.empty())
      make_samples(where.root());
    if (options.tls)
      certify();
    if (!options.app_id.empty())
      install_app();
    make_faces();
    open();
  }

  ~parts() {
    servers.clear();
    workers->shutdown();
  }

  void certify() {
    const auto made = make_certificates();
    certificate = made.server;
    key = made.server_key;
    urls.authority = folder.path() / "authority.pem";
    std::ofstream{urls.authority} << made.authority;
  }

  void install_app() {
    const auto keys = make_rsa_pair();
    app = {options.app_id, "815", keys.open, options.app_token_seconds};
    urls.app_installation = app.installation;
    urls.app_key = folder.path() / "app.pem";
    std::ofstream{urls.app_key} << keys.secret;
    fs::permissions(urls.app_key,
                    fs::perms::owner_read | fs::perms::owner_write);
  }

  void make_faces() {
    const backstage tools{journal, book, workers};
    model = make_model_face(tools, options.model_key);
    github_options g;
    g.tokens = tokens;
    g.app = app;
    g.scheme = scheme();
    g.limit = options.github_limit;
    g.git = git_origin;
    github = make_github_face(tools, pulls, g);
    webhook = make_webhook_face(tools, deliveries, options.webhook_secret);
    git = make_git_face(tools, where,
                        {tokens, options.anonymous_read,
                         folder.path() / "hooks", options.protected_branches});
  }

  void open() {
    const auto at_model = serve(*model, options.model_port);
    urls.openai = at_model + "/v1";
    urls.anthropic = at_model;
    urls.openrouter = at_model + "/api/v1";
    urls.github = serve(*github, options.github_port);
    const auto at_webhook = serve(*webhook, options.webhook_port);
    urls.webhook = at_webhook + "/hook";
    urls.events = at_webhook + "/events";
    urls.git = serve(*git, options.git_port);
    *git_origin = urls.git;
    for (const auto& name : where.all())
      urls.repositories.push_back(urls.git + '/' + name + ".git");
  }

  std::string serve(face& what, std::uint16_t port) {
    server_options o;
    o.port = port;
    o.certificate_pem = certificate;
    o.key_pem = key;
    o.accept_delay = [b = book, usual = options.accept_delay,
                      name = what.name()] {
      return usual + b->accept_delay(name);
    };
    servers.push_back(
      loop->listen(o, [&what](server_request q, std::shared_ptr<responder> r) {
        what.handle(std::move(q), std::move(r));
      }));
    const std::string host = options.tls ? "localhost" : "127.0.0.1";
    return scheme() + "://" + host + ':' +
           std::to_string(servers.back()->port());
  }

  std::shared_ptr<std::string> git_origin = std::make_shared<std::string>();

  std::string scheme() const { return options.tls ? "https" : "http"; }

  mock_options options;
  temporary_folder folder;
  doubles::repositories where;
  std::shared_ptr<recorder> journal;
  std::shared_ptr<playbook> book;
  std::shared_ptr<work_pool> workers;
  std::shared_ptr<delivery_log> deliveries;
  std::shared_ptr<pull_store> pulls;
  std::shared_ptr<token_book> tokens;
  app_options app;
  mock_urls urls;
  std::string certificate;
  std::string key;
  std::unique_ptr<face> model;
  std::unique_ptr<face> github;
  std::unique_ptr<face> webhook;
  std::unique_ptr<face> git;
  std::shared_ptr<server_loop> loop = server_loop::make();
  std::vector<std::unique_ptr<http_server>> servers;
};

mock::mock(mock_options options)
  : parts_(std::make_unique<parts>(std::move(options))) {}

mock::~mock() = default;

const mock_urls& mock::urls() const {
  return parts_->urls;
}

const std::string& mock::token() const {
  return parts_->options.token;
}

const std::string& mock::app_id() const {
  return parts_->options.app_id;
}

const std::string& mock::model_key() const {
  return parts_->options.model_key;
}

std::string mock::repository_url(const std::string& name) const {
  return parts_->urls.git + '/' + name + ".git";
}

fs::path mock::repository_path(const std::string& name) const {
  return parts_->where.find(name).value_or(fs::path{});
}

void mock::add_repository(const std::string& name, const sample_files& files) {
  make_repository(parts_->where.root(), name, files);
}

void mock::add_fault(const std::string& yaml) {
  parts_->book->add(read_fault(yaml));
}

void mock::add_answer(const std::string& yaml) {
  parts_->book->add(read_answer(yaml));
}

std::vector<delivery> mock::events() const {
  return parts_->deliveries->all();
}

void mock::end_pull(const std::string& repository, std::uint64_t number,
                    bool merged) {
  parts_->pulls->change(repository, number, [merged](pull& p) {
    p.open = false;
    p.merged = merged;
  });
}

std::vector<pull> mock::pulls() const {
  return parts_->pulls->all();
}

std::vector<seen_request> mock::requests() const {
  return parts_->journal->requests();
}

std::string mock::metrics() const {
  return parts_->journal->metrics();
}

std::string to_json(const mock& what, const std::string& webhook_secret) {
  const auto& u = what.urls();
  nlohmann::ordered_json out{{"openai", u.openai},
                             {"anthropic", u.anthropic},
                             {"openrouter", u.openrouter},
                             {"github", u.github},
                             {"webhook", u.webhook},
                             {"events", u.events},
                             {"git", u.git},
                             {"repos", u.repositories},
                             {"token", what.token()},
                             {"model_key", what.model_key()}};
  if (!webhook_secret.empty())
    out["webhook_secret"] = webhook_secret;
  if (!u.app_key.empty())
    out["app"] = {{"id", what.app_id()},
                  {"installation", u.app_installation},
                  {"key", u.app_key.string()}};
  if (!u.authority.empty())
    out["ca"] = u.authority.string();
  return json_text(out);
}

} // namespace pj
