#include "tests/support/opensmtpd.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace aiguillage::test {
namespace {

namespace fs = std::filesystem;

engine::Refusal Cannot(const std::string& why) {
  return {"opensmtpd", "OpenSMTPD cannot run here: " + why, {}};
}

std::string WholeText(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A port that is free now; the moment until the server takes it is the risk that remains.
int FreePort() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(probe, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  close(probe);
  return ntohs(address.sin_port);
}

bool Answers(int port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool open = connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return open;
}

constexpr const char* kStart = R"(mount -t tmpfs -o mode=755 queue /var/spool &&
mount -t tmpfs -o mode=755 control /run && echo mounted &&
LD_PRELOAD=")" OPENSMTPD_KEY R"(" exec /usr/sbin/smtpd -d -v -f "$0")";

}  // namespace

engine::Outcome<std::unique_ptr<OpenSmtpd>> OpenSmtpd::Start(const std::string& certificate,
                                                             const std::string& key) {
  if (!fs::exists("/usr/sbin/smtpd")) return Cannot("the package opensmtpd is not installed");
  if (geteuid() != 0) return Cannot("it wants root");
  std::unique_ptr<OpenSmtpd> server(new OpenSmtpd);
  const fs::path folder = server->directory_.path();
  server->port_ = FreePort();
  server->tls_port_ = FreePort();
  fs::permissions(folder, fs::perms(0755));  // it delivers as nobody
  fs::create_directory(folder / "mail");
  fs::permissions(folder / "mail", fs::perms(0777));
  std::ofstream(folder / "smtpd.conf")
      << "pki sink cert \"" << certificate << "\"\npki sink key \"" << key << "\"\n"
      << "table everybody { \"@\" = \"nobody\" }\n"
      << "listen on 127.0.0.1 port " << server->port_ << " tls pki sink hostname sink.invalid\n"
      << "listen on 127.0.0.1 port " << server->tls_port_
      << " smtps pki sink hostname sink.invalid\n"
      << "action \"keep\" maildir \"" << (folder / "mail").string() << "\" virtual <everybody>\n"
      << "match from any for rcpt-to \"refuse@x.invalid\" reject\n"
      << "match from any for any action \"keep\"\n";
  const std::string configuration = folder / "smtpd.conf", log = folder / "log";
  server->process_ = fork();
  if (server->process_ == 0) {
    setpgid(0, 0);
    const int out = open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
    dup2(out, 1);
    dup2(out, 2);
    execl("/usr/bin/unshare", "unshare", "-m", "--propagation", "private", "/bin/sh", "-c", kStart,
          configuration.c_str(), nullptr);
    _exit(127);
  }
  for (int i = 0; i < 100; ++i, usleep(50'000)) {
    if (Answers(server->port_) && Answers(server->tls_port_)) return server;
    if (waitpid(server->process_, nullptr, WNOHANG) == server->process_) {
      server->process_ = -1;
      break;
    }
  }
  return Cannot(server->Log());
}

OpenSmtpd::~OpenSmtpd() {
  if (process_ < 0) return;
  kill(process_, SIGTERM);  // its six other processes end when it does
  waitpid(process_, nullptr, 0);
}

std::vector<std::string> OpenSmtpd::Mails(std::size_t count) const {
  std::vector<std::string> mails;
  const fs::path arrived = directory_.path() / "mail/new";
  for (int i = 0; i < 100; ++i, usleep(50'000)) {
    mails.clear();
    if (!fs::exists(arrived)) continue;
    for (const auto& entry : fs::directory_iterator(arrived)) {
      mails.push_back(WholeText(entry.path()));
    }
    if (mails.size() >= count) break;
  }
  return mails;
}

std::string OpenSmtpd::Log() const { return WholeText(directory_.path() / "log"); }

}  // namespace aiguillage::test
