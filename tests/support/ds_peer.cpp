#include "tests/support/ds_peer.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace aiguillage::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string FirstLineOf(const std::string& command) {
  std::string line;
  if (FILE* pipe = ::popen(command.c_str(), "r")) {
    char text[256];
    if (std::fgets(text, sizeof text, pipe) != nullptr) line = text;
    ::pclose(pipe);
  }
  return line;
}

int NodeMajor() {
  const std::string version = FirstLineOf("node --version 2>/dev/null");
  return version.size() > 1 ? std::atoi(version.c_str() + 1) : 0;
}

const char* PeerDir() {
  const char* directory = std::getenv("DS_PEER_DIR");
  return directory == nullptr ? "" : directory;
}

// The copy with its packages, made once; concurrent test programs wait for each other on a lock.
fs::path Installed() {
  const fs::path copy = fs::path(AIGUILLAGE_BINARY).parent_path() / "ds_peer";
  fs::create_directories(copy);
  const std::string script = "set -e; cd '" + copy.string() + "'; exec 9>.lock; flock 9; " +
                             "[ -e .installed ] && exit 0; cp -r '" + PeerDir() +
                             "'/. .; chmod -R u+w .; npm ci --ignore-scripts --no-audit " +
                             "--no-fund >npm.log 2>&1; touch .installed";
  if (std::system(("bash -c \"" + script + "\"").c_str()) != 0) {
    throw std::runtime_error("npm ci failed, see " + (copy / "npm.log").string());
  }
  return copy;
}

std::string ReadLine(int from) {
  std::string line;
  char c = 0;
  while (::read(from, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

}  // namespace

std::string DsPeer::Why() {
  if (std::string(PeerDir()).empty()) return "DS_PEER_DIR is not set";
  if (NodeMajor() < 20) return "the DS peer needs Node 20 or newer";
  return "";
}

std::unique_ptr<DsPeer> DsPeer::Start(const std::vector<std::string>& options) {
  if (!Why().empty()) return nullptr;
  const fs::path copy = Installed();
  const std::string schema = (fs::path(PeerDir()) / "../schema.graphql").lexically_normal();
  std::vector<std::string> words = {"node", "server.mjs", "--port", "0"};
  words.insert(words.end(), options.begin(), options.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int out[2];
  if (::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t process = ::fork();
  if (process == 0) {
    ::dup2(out[1], STDOUT_FILENO);
    ::setenv("DS_SCHEMA", schema.c_str(), 1);
    if (::chdir(copy.c_str()) == 0) ::execvp("node", arguments.data());
    ::_exit(127);
  }
  ::close(out[1]);
  const std::string line = ReadLine(out[0]);
  ::close(out[0]);
  std::unique_ptr<DsPeer> peer(new DsPeer());
  peer->process_ = process;
  const json hello = json::parse(line, nullptr, false);
  if (!hello.is_object()) throw std::runtime_error("the DS peer did not start");
  peer->base_ = hello.at("listening");
  peer->endpoint_ = hello.at("endpoint");
  peer->token_ = hello.at("token");
  peer->demarche_ = hello.at("demarche");
  return peer;
}

DsPeer::~DsPeer() {
  if (process_ <= 0) return;
  ::kill(process_, SIGTERM);
  ::waitpid(process_, nullptr, 0);
}

json DsPeer::Admin(const std::string& method, const std::string& path, const json& body) {
  connectors::HttpRequest request;
  request.method = method;
  request.url = base_ + "/_admin/" + path;
  request.headers = {{"Content-Type", "application/json"}};
  if (method == "POST") request.body = body.dump();
  const auto response = http_->Send(request);
  if (response.status != 200) throw std::runtime_error("the DS peer said " + response.body);
  return json::parse(response.body);
}

}  // namespace aiguillage::test
