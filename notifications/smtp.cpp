#include "notifications/smtp.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include "notifications/mime_text.h"

namespace aiguillage::notifications {
namespace {

using Verdict = DeliveryResult::Verdict;
constexpr std::size_t kReplyCharactersMax = 300;
constexpr int kEnoughHere = 452;  // what OpenSMTPD says to the 101st mail of a connection

// What was said for one mail, as far as it went.
struct Dialogue {
  enum class Stage { kGreeting, kSender, kRecipient, kData, kBody, kEnd };

  Stage stage = Stage::kGreeting;
  int code = 0;  // of the last answer, 0 when we spoke last
  std::string reply;
  bool over = false;  // QUIT was said: what follows is politeness
  const std::string* mime = nullptr;
  std::size_t given = 0;  // bytes of `mime` handed over

  void WeSay(std::string_view line) {
    if (line.starts_with("QUIT")) over = true;
    if (over) return;
    if (line.starts_with("MAIL FROM")) stage = Stage::kSender;
    if (line.starts_with("RCPT TO")) stage = Stage::kRecipient;
    if (line.starts_with("DATA")) stage = Stage::kData;
    AwaitAnswer();
  }
  void AwaitAnswer() {
    code = 0;
    reply.clear();
  }
  void TheySay(std::string_view line) {
    if (over || line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, [](char c) {
          return std::isdigit(static_cast<unsigned char>(c)) != 0;
        })) {
      return;
    }
    code = std::stoi(std::string(line.substr(0, 3)));
    if (reply.size() < kReplyCharactersMax) reply.append(reply.empty() ? "" : " ").append(line);
  }
};

int Observe(CURL*, curl_infotype kind, char* bytes, std::size_t size, void* user) {
  auto& dialogue = *static_cast<Dialogue*>(user);
  if (kind == CURLINFO_HEADER_OUT) dialogue.WeSay({bytes, size});
  if (kind == CURLINFO_HEADER_IN) dialogue.TheySay({bytes, size});
  return 0;
}

std::size_t GiveBody(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& dialogue = *static_cast<Dialogue*>(user);
  const std::size_t wanted = std::min(size * count, dialogue.mime->size() - dialogue.given);
  std::memcpy(buffer, dialogue.mime->data() + dialogue.given, wanted);
  dialogue.given += wanted;
  dialogue.stage = Dialogue::Stage::kBody;
  if (dialogue.given == dialogue.mime->size()) {
    // All of it is in curl's hands, its dot follows: from here on the server may have it.
    dialogue.stage = Dialogue::Stage::kEnd;
    dialogue.AwaitAnswer();
  }
  return wanted;
}

std::size_t Swallow(char*, std::size_t size, std::size_t count, void*) { return size * count; }

DeliveryResult Judge(CURLcode result, const Dialogue& dialogue, const char* error) {
  using Stage = Dialogue::Stage;
  DeliveryResult out{Verdict::kLater, dialogue.code,
                     CleanLine(dialogue.reply, kReplyCharactersMax)};
  // « 220 Ready to start TLS » is not why a certificate was refused.
  if (result != CURLE_OK && dialogue.code < 400) out.code = 0, out.text.clear();
  if (out.text.empty()) out.text = *error != '\0' ? error : curl_easy_strerror(result);
  out.unreachable = result != CURLE_OK && dialogue.stage == Stage::kGreeting;
  const bool about_this_mail = dialogue.stage >= Stage::kRecipient;
  if (result == CURLE_OK) {
    out.verdict = Verdict::kSent;
  } else if (dialogue.code >= 500 && about_this_mail) {
    out.verdict = Verdict::kRefused;
  } else if (dialogue.code < 400 && dialogue.stage == Stage::kEnd) {
    out.verdict = Verdict::kUncertain;
    out.text = "Connexion perdue après l’envoi du message : " + out.text;
  }
  return out;
}

bool IsThisMachine(const std::string& url) {
  for (const char* host : {"://127.", "://localhost", "://[::1]"}) {
    if (url.find(host) != std::string::npos) return true;
  }
  return false;
}

long SslUse(const TransportOptions& options) {
  if (options.tls == Tls::kNever) return CURLUSESSL_NONE;
  if (options.tls == Tls::kRequired) return CURLUSESSL_ALL;
  // A mail server on this very machine offers STARTTLS with a certificate of nobody's.
  if (IsThisMachine(options.url)) return options.user.empty() ? CURLUSESSL_NONE : CURLUSESSL_TRY;
  return options.user.empty() ? CURLUSESSL_TRY : CURLUSESSL_ALL;
}

}  // namespace

// One easy handle keeps one connection; it is replaced whole when the connection has done its
// mails.
struct SmtpTransport::Connection {
  explicit Connection(const TransportOptions& options) : handle(curl_easy_init()) {
    if (handle == nullptr)
      throw std::runtime_error("Expected a mail connection, but curl has none.");
    const std::string url = options.url + (options.hello.empty() ? "" : "/" + options.hello);
    Set(CURLOPT_URL, url.c_str());
    Set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    Set(CURLOPT_PROXY, "");  // what the environment says about the web is not for mails
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_CONNECTTIMEOUT_MS, options.connect_timeout_ms);
    Set(CURLOPT_TIMEOUT_MS, options.mail_timeout_ms);
    Set(CURLOPT_USE_SSL, SslUse(options));
    if (!options.ca_file.empty()) Set(CURLOPT_CAINFO, options.ca_file.c_str());
    if (!options.user.empty()) {
      Set(CURLOPT_USERNAME, options.user.c_str());
      Set(CURLOPT_PASSWORD, options.password.c_str());
    }
    Set(CURLOPT_UPLOAD, 1L);
    Set(CURLOPT_READFUNCTION, GiveBody);
    Set(CURLOPT_WRITEFUNCTION, Swallow);
    Set(CURLOPT_VERBOSE, 1L);
    Set(CURLOPT_DEBUGFUNCTION, Observe);
    Set(CURLOPT_ERRORBUFFER, error);
    Set(CURLOPT_SOCKOPTFUNCTION, Opened);
    Set(CURLOPT_SOCKOPTDATA, &socket);
    Set(CURLOPT_CLOSESOCKETFUNCTION, Closing);
    Set(CURLOPT_CLOSESOCKETDATA, &socket);
  }
  // Cleaning up says QUIT and would wait two minutes for a stalled server's « 221 », whatever the
  // timeouts: with nothing left to read, it says QUIT and goes.
  ~Connection() {
    if (socket != CURL_SOCKET_BAD) shutdown(socket, SHUT_RD);
    curl_easy_cleanup(handle);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  template <typename Value>
  void Set(CURLoption option, Value value) {
    if (curl_easy_setopt(handle, option, value) != CURLE_OK) {
      throw std::runtime_error("Expected curl to know option " + std::to_string(option) + ".");
    }
  }

  static int Opened(void* user, curl_socket_t opened, curlsocktype) {
    *static_cast<curl_socket_t*>(user) = opened;
    return CURL_SOCKOPT_OK;
  }
  static int Closing(void* user, curl_socket_t closed) {
    auto& known = *static_cast<curl_socket_t*>(user);
    if (known == closed) known = CURL_SOCKET_BAD;
    return close(closed);
  }

  CURL* handle;
  curl_socket_t socket = CURL_SOCKET_BAD;
  char error[CURL_ERROR_SIZE] = "";
  Dialogue dialogue;  // outlives the transfer: hanging up is observed too
  int mails = 0;
};

struct SmtpTransport::Attempt {
  DeliveryResult result;
  bool lost_before = false;  // a kept connection turned out to be closed: another may do
};

SmtpTransport::SmtpTransport(TransportOptions options) : options_(std::move(options)) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

SmtpTransport::~SmtpTransport() = default;

void SmtpTransport::Rest() { connection_.reset(); }

DeliveryResult SmtpTransport::Deliver(const MailMessage& mail) {
  const auto mime = ToMime(mail);
  if (!mime) return {Verdict::kRefused, 0, mime.refusal().sentence};
  Attempt attempt = Try(mail, mime.value());
  if (attempt.lost_before) {
    Rest();
    attempt = Try(mail, mime.value());
  }
  return attempt.result;
}

SmtpTransport::Attempt SmtpTransport::Try(const MailMessage& mail, const std::string& mime) {
  if (connection_ && connection_->mails >= options_.mails_per_connection) Rest();
  if (!connection_) connection_ = std::make_unique<Connection>(options_);
  Connection& connection = *connection_;
  connection.dialogue = {};
  connection.dialogue.mime = &mime;
  connection.error[0] = '\0';
  const std::string from = "<" + mail.from.address + ">", to = "<" + mail.to.address + ">";
  curl_slist* recipients = curl_slist_append(nullptr, to.c_str());
  connection.Set(CURLOPT_MAIL_FROM, from.c_str());
  connection.Set(CURLOPT_MAIL_RCPT, recipients);
  connection.Set(CURLOPT_READDATA, &connection.dialogue);
  connection.Set(CURLOPT_DEBUGDATA, &connection.dialogue);
  connection.Set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mime.size()));
  const CURLcode result = curl_easy_perform(connection.handle);
  connection.Set(CURLOPT_MAIL_RCPT, static_cast<curl_slist*>(nullptr));
  curl_slist_free_all(recipients);
  connection.mails += 1;

  Attempt attempt;
  attempt.result = Judge(result, connection.dialogue, connection.error);
  long connects = 1;
  curl_easy_getinfo(connection.handle, CURLINFO_NUM_CONNECTS, &connects);
  const int code = connection.dialogue.code;
  attempt.lost_before = connects == 0 && attempt.result.verdict == Verdict::kLater &&
                        result != CURLE_OPERATION_TIMEDOUT &&
                        (code < 400 || code == 421 || code == kEnoughHere);
  if (result != CURLE_OK) Rest();
  return attempt;
}

}  // namespace aiguillage::notifications
